// task<T>: a lazy coroutine that carries its context.
//
//   task<Weather> fetch(std::string zip) {
//     Scope scope{Context::current().with({{"zip", zip}})};
//     co_await pool.schedule();                    // on a thread of the pool from here on
//     log.info("fetching");                        // with the zip, the trace, and all else
//     co_return parse(co_await http_get(zip));     // and still with them
//   }
//   Weather weather = sync_wait(fetch("98101"));
//
// A task begins when it is awaited, under the context that is current there, as a called function
// would; what it changes ends with it. It hands over to whom it awaits, and to who awaits it,
// without using stack, however long the chain.
//
// Cancellation: a task sees the std::stop_token of who awaits it, or the one given to sync_wait()
// or spawn(). What waits in this room, sleep_for() say, ends early and throws Cancelled. A loop
// that computes asks `co_await stop_token()`.
//
// A task is awaited once, by one coroutine. Destroying one that is suspended destroys its locals
// under its own context; destroying one that is running is the caller's error.
#pragma once

#include <concepts>
#include <coroutine>
#include <exception>
#include <new>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <variant>

#include <waybill/async/context_promise.h>
#include <waybill/async/detail/transfer.h>

namespace waybill {

template <class T = void>
class task;

// Thrown by a co_await that was cut short because a stop was requested.
class Cancelled : public std::exception {
 public:
  const char* what() const noexcept override { return "cancelled"; }
};

// `co_await stop_token()` in a task: the token that the task runs under; copies are independent.
struct stop_token {};

namespace detail {

// A promise that lets those it awaits see its stop token.
template <class Promise>
concept KnowsStopToken = requires(Promise& promise) {
  { promise.stop_token() } -> std::same_as<const std::stop_token&>;
};

template <class Promise>
const std::stop_token& stop_token_of(std::coroutine_handle<Promise> handle) noexcept {
  static const std::stop_token none;
  if constexpr (KnowsStopToken<Promise>) {
    return handle.promise().stop_token();
  } else {
    return none;
  }
}

struct StopTokenAwaiter {
  const std::stop_token& token;
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  std::stop_token await_resume() const noexcept { return token; }
};

class TaskPromiseBase : public ContextPromise<> {
 public:
  TaskPromiseBase() noexcept : ContextPromise<>(Later{}) {}

  auto final_suspend() noexcept { return end(Continue{*this}); }

  using ContextPromise<>::await_transform;
  StopTokenAwaiter await_transform(waybill::stop_token) noexcept { return {stop_token()}; }

  const std::stop_token& stop_token() const noexcept { return *stop_token_; }

  // What the task continues, under which context and with which token it begins. The token is
  // borrowed, from who awaits.
  void prepare(std::coroutine_handle<> continuation, const std::stop_token& token) noexcept {
    continuation_ = continuation;
    stop_token_ = &token;
  }
  using ContextPromiseBase::begin_under;

 private:
  struct Continue {
    TaskPromiseBase& promise;
    bool await_ready() const noexcept { return false; }
    Transfer await_suspend(std::coroutine_handle<> ended) const noexcept {
      return transfer(ended, promise.continuation_);
    }
    void await_resume() const noexcept {}
  };

  std::coroutine_handle<> continuation_;
  const std::stop_token* stop_token_ = nullptr;
};

template <class T>
class TaskPromise final : public TaskPromiseBase {
 public:
  task<T> get_return_object() noexcept;
  template <class U>
    requires std::constructible_from<T, U&&>
  void return_value(U&& value) {
    result_.template emplace<1>(std::forward<U>(value));
  }
  void unhandled_exception() noexcept { result_.template emplace<2>(std::current_exception()); }

  T result() {
    if (auto* error = std::get_if<2>(&result_)) std::rethrow_exception(std::move(*error));
    if constexpr (std::is_reference_v<T>) {
      return static_cast<T>(*std::get<1>(result_).pointer);
    } else {
      return std::move(std::get<1>(result_));
    }
  }

 private:
  struct Reference {
    template <class U>
    explicit Reference(U&& value) noexcept : pointer(std::addressof(value)) {}
    std::remove_reference_t<T>* pointer;
  };
  std::variant<std::monostate, std::conditional_t<std::is_reference_v<T>, Reference, T>,
               std::exception_ptr>
      result_;
};

template <>
class TaskPromise<void> final : public TaskPromiseBase {
 public:
  task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void unhandled_exception() noexcept { error_ = std::current_exception(); }
  void result() {
    if (error_ != nullptr) std::rethrow_exception(std::move(error_));
  }

 private:
  std::exception_ptr error_;
};

template <class T>
class TaskAwaiter {
 public:
  static constexpr bool leaves_context_alone = true;

  explicit TaskAwaiter(std::coroutine_handle<TaskPromise<T>> handle) noexcept : handle_(handle) {}

  bool await_ready() const noexcept { return false; }
  void hand_down(const ContextNode* node) noexcept {
    handle_.promise().begin_under(node, false);
    handed_down_ = true;
  }
  template <class Promise>
  Transfer await_suspend(std::coroutine_handle<Promise> awaiting) noexcept {
    TaskPromise<T>& promise = handle_.promise();
    if (!handed_down_) {  // awaited by a coroutine of another kind
      promise.begin_under(share_ambient().node(), true);
    }
    promise.prepare(awaiting, stop_token_of(awaiting));
    return transfer(awaiting, handle_);
  }
  T await_resume() { return handle_.promise().result(); }

 private:
  std::coroutine_handle<TaskPromise<T>> handle_;
  bool handed_down_ = false;
};

}  // namespace detail

template <class T>
class [[nodiscard]] task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using value_type = T;

  task(task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  task& operator=(task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~task() {
    if (handle_ != nullptr) handle_.destroy();
  }

  // Awaiting takes it as a temporary: `co_await f()`, `co_await std::move(t)`.
  auto operator co_await() && noexcept { return detail::TaskAwaiter<T>(handle_); }

 private:
  friend promise_type;
  explicit task(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <class T>
task<T> TaskPromise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
inline task<void> TaskPromise<void>::get_return_object() noexcept {
  return task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

}  // namespace detail
}  // namespace waybill
