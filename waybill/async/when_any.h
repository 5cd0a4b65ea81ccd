// when_any: several tasks side by side, and on with the first that ends.
//
//   auto [index, reply] = co_await when_any(std::move(replicas));          // of task<Reply>s
//   auto first = co_await when_any(fetch(url), timeout(pool, 2s));         // a std::variant
//   if (first.index() == 1) ...                                            // the second was first
//
// The first to end decides, whether it returns or throws. The others are asked to stop (see
// task.h), and waited for: nothing goes on behind the caller's back. Contexts are as in when_all.h.
#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include <waybill/async/detail/task_group.h>

namespace waybill {

template <class T>
struct FirstOf {
  std::size_t index;  // in the vector
  T value;            // std::monostate for void
};

namespace detail {

// `keep` is given the result, if it is the first.
template <class T, class Keep>
Branch run_for_any(TaskGroup& group, task<T> work, std::exception_ptr& error, Keep keep) {
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
      if (group.decide()) keep(std::monostate());
    } else {
      T value = co_await std::move(work);
      if (group.decide()) keep(std::forward<T>(value));
    }
  } catch (...) {
    if (group.decide()) error = std::current_exception();
  }
}

template <class... T, std::size_t... I>
task<std::variant<Regular<T>...>> when_any_of(std::index_sequence<I...>, task<T>... tasks) {
  TaskGroup group(co_await stop_token());
  std::exception_ptr error;
  std::optional<std::variant<Regular<T>...>> first;
  {
    std::array<Branch, sizeof...(T)> branches{
        run_for_any<T>(group, std::move(tasks), error, [&first](auto&& value) {
          first.emplace(std::in_place_index<I>, std::forward<decltype(value)>(value));
        })...};
    co_await group.run(branches);
  }
  if (error != nullptr) std::rethrow_exception(error);
  co_return std::move(*first);
}

}  // namespace detail

template <class... T>
  requires(sizeof...(T) > 0)
task<std::variant<detail::Regular<T>...>> when_any(task<T>... tasks) {
  return detail::when_any_of(std::index_sequence_for<T...>(), std::move(tasks)...);
}

// Throws std::invalid_argument for an empty vector: nothing could ever be first.
template <class T>
task<FirstOf<detail::Regular<T>>> when_any(std::vector<task<T>> tasks) {
  if (tasks.empty()) throw std::invalid_argument("when_any: needs at least one task, got none");
  detail::TaskGroup group(co_await stop_token());
  std::exception_ptr error;
  std::optional<FirstOf<detail::Regular<T>>> first;
  {
    std::vector<detail::Branch> branches;
    branches.reserve(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      branches.push_back(detail::run_for_any<T>(
          group, std::move(tasks[i]), error,
          [&first, i](auto&& value) { first.emplace(i, std::forward<decltype(value)>(value)); }));
    }
    co_await group.run(branches);
  }
  if (error != nullptr) std::rethrow_exception(error);
  co_return std::move(*first);
}

}  // namespace waybill
