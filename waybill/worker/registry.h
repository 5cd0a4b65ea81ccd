// Registry: the tasks that a worker knows, by name.
//
//   Registry registry;
//   registry.add("resize", [](const json& payload) { return json{{"bytes", resize(payload)}}; });
//   registry.add("sync", [](json payload) -> task<void> { co_await fetch(payload.at("url")); });
//   registry.add("report", report, {.retry = {.max_attempts = 2}, .time_limit = 10min});
//
// A task is a function or a coroutine of the payload, and, if it asks for it, of its Execution. It
// returns a result, JSON, or nothing; an exception is its failure.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <waybill/async/task.h>
#include <waybill/worker/job.h>
#include <waybill/worker/retry_policy.h>

namespace waybill::worker {

class Execution;

struct TaskOptions {
  RetryPolicy retry = {};
  // For one attempt, after which it is asked to stop; see Execution::stop_token(). Zero: none.
  std::chrono::milliseconds time_limit{0};
};

struct Task {
  using Function = std::function<json(const json& payload, Execution& execution)>;
  using Coroutine = std::function<task<json>(const json& payload, Execution& execution)>;

  std::string name;
  std::variant<Function, Coroutine> execute;
  TaskOptions options;
};

namespace detail {

template <class T>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<task<T>> = true;

template <class F>
decltype(auto) call_task(F& function, const json& payload, Execution& execution) {
  if constexpr (std::is_invocable_v<F&, const json&, Execution&>) {
    return function(payload, execution);
  } else {
    return function(payload);
  }
}

template <class T>
task<json> with_result(task<T> work) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(work);
    co_return json();
  } else {
    co_return json(co_await std::move(work));
  }
}

}  // namespace detail

// To be filled before a worker has it; a value then.
class Registry {
 public:
  // Throws waybill::Error for a name that is empty, too long or there already, and for options out
  // of their range.
  template <class F>
  Registry& add(std::string name, F execute, TaskOptions options = {}) {
    using Result = decltype(detail::call_task(execute, std::declval<const json&>(),
                                              std::declval<Execution&>()));
    if constexpr (detail::is_task<std::remove_cvref_t<Result>>) {
      add_task({std::move(name),
                Task::Coroutine([execute = std::move(execute)](const json& payload,
                                                               Execution& execution) mutable {
                  return detail::with_result(detail::call_task(execute, payload, execution));
                }),
                std::move(options)});
    } else {
      add_task({std::move(name),
                Task::Function([execute = std::move(execute)](
                                   const json& payload, Execution& execution) mutable -> json {
                  if constexpr (std::is_void_v<Result>) {
                    detail::call_task(execute, payload, execution);
                    return {};
                  } else {
                    return detail::call_task(execute, payload, execution);
                  }
                }),
                std::move(options)});
    }
    return *this;
  }

  // Null: there is none of that name.
  const Task* find(std::string_view name) const noexcept;

 private:
  void add_task(Task task);

  std::map<std::string, Task, std::less<>> tasks_;
};

}  // namespace waybill::worker
