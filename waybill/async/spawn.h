// spawn: starts a task in a pool, and goes on.
//
//   Future<Report> report = spawn(pool, make_report(job));
//   ...
//   send(co_await std::move(report));                 // or report.get(), outside coroutines
//
// The task begins on one of the pool's threads under the caller's context, and changes nothing for
// the caller. Dropping the future drops the result, not the task; to end it early, request a stop
// of the `token` that it runs under (task.h).
//
// When the pool is stopped, tasks that are waiting for something else are never resumed there;
// spawn() into a stopped pool gives a future that throws std::future_error (broken_promise).
#pragma once

#include <coroutine>
#include <stop_token>
#include <utility>

#include <waybill/async/future.h>
#include <waybill/async/task.h>
#include <waybill/async/thread_pool.h>

namespace waybill {
namespace detail {

// Destroys itself when it is over, and only then says so.
class SpawnedTask {
 public:
  class promise_type final : public ContextPromise<std::suspend_never> {
   public:
    // A coroutine's parameters are offered to its promise.
    template <class T>
    promise_type(ThreadPool&, task<T>&, std::stop_token& token, FutureState<T>& state) noexcept
        : token_(token), state_(state) {}

    SpawnedTask get_return_object() const noexcept { return {}; }
    auto final_suspend() noexcept { return end(Finish{}); }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }  // it catches everything
    const std::stop_token& stop_token() const noexcept { return token_; }

   private:
    struct Finish {
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<promise_type> ended) const noexcept {
        FutureStateBase& state = ended.promise().state_;
        ended.destroy();
        state.set_ready();
        state.release();
      }
      void await_resume() const noexcept {}
    };
    const std::stop_token& token_;  // in the same frame
    FutureStateBase& state_;
  };
};

template <class T>
SpawnedTask run_spawned(ThreadPool& pool, task<T> work, std::stop_token, FutureState<T>& state) {
  try {
    co_await pool.schedule();
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
      state.set_result_of([] {});
    } else {
      T value = co_await std::move(work);
      state.set_result_of([&]() -> T { return std::forward<T>(value); });
    }
  } catch (...) {
    state.set_exception(std::current_exception());
  }
}

// FutureState is destroyed by its owners alone.
template <class T>
class SpawnedResult final : public FutureState<T> {};

}  // namespace detail

template <class T>
Future<T> spawn(ThreadPool& pool, task<T> work, std::stop_token token = {}) {
  auto* const state = new detail::SpawnedResult<T>();
  Future<T> future = detail::FutureAccess::adopt<T>(*state);
  detail::run_spawned<T>(pool, std::move(work), std::move(token), *state);
  return future;
}

}  // namespace waybill
