// when_all: several tasks side by side, and on when the last is done.
//
//   auto [weather, station] = co_await when_all(fetch_weather(zip), find_station(zip));
//   std::vector<Page> pages = co_await when_all(std::move(fetches));     // of task<Page>s
//
// Each begins under the context that is current at the co_await; none sees what another changes.
// "Side by side" means that each runs until it is first suspended, then the next begins; to use
// several threads, let them co_await a pool's schedule().
//
// If one fails, the others are asked to stop (see task.h), all are waited for, and the first
// exception is thrown. void results are std::monostate in the tuple; a vector of task<void> gives
// nothing.
#pragma once

#include <array>
#include <exception>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <waybill/async/detail/task_group.h>

namespace waybill {
namespace detail {

template <class T>
Branch run_for_all(TaskGroup& group, task<T> work, std::optional<Regular<T>>& result,
                   std::exception_ptr& error) {
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
      result.emplace();
    } else {
      result.emplace(co_await std::move(work));
    }
  } catch (...) {
    if (group.decide()) error = std::current_exception();
  }
}

}  // namespace detail

template <class... T>
  requires(sizeof...(T) > 0)
task<std::tuple<detail::Regular<T>...>> when_all(task<T>... tasks) {
  detail::TaskGroup group(co_await stop_token());
  std::exception_ptr error;
  std::tuple<std::optional<detail::Regular<T>>...> results;
  {
    auto branches = std::apply(
        [&](auto&... result) {
          return std::array<detail::Branch, sizeof...(T)>{
              detail::run_for_all<T>(group, std::move(tasks), result, error)...};
        },
        results);
    co_await group.run(branches);
  }
  if (error != nullptr) std::rethrow_exception(error);
  co_return std::apply(
      [](auto&... result) { return std::tuple<detail::Regular<T>...>(std::move(*result)...); },
      results);
}

template <class T>
task<std::conditional_t<std::is_void_v<T>, void, std::vector<detail::Regular<T>>>> when_all(
    std::vector<task<T>> tasks) {
  detail::TaskGroup group(co_await stop_token());
  std::exception_ptr error;
  std::vector<std::optional<detail::Regular<T>>> results(tasks.size());
  {
    std::vector<detail::Branch> branches;
    branches.reserve(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      branches.push_back(detail::run_for_all<T>(group, std::move(tasks[i]), results[i], error));
    }
    co_await group.run(branches);
  }
  if (error != nullptr) std::rethrow_exception(error);
  if constexpr (!std::is_void_v<T>) {
    std::vector<T> values;
    values.reserve(results.size());
    for (auto& result : results) values.push_back(std::move(*result));
    co_return values;
  }
}

}  // namespace waybill
