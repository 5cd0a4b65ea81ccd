// sleep_for: lets a task wait for time to pass, without a thread that waits.
//
//   co_await sleep_for(pool.executor(), 100ms);       // goes on in the pool
//
// Throws Cancelled, at once, when a stop is requested of the task's token (task.h); the context is
// the task's own there too. Goes on in a thread of the executor, which is one of Asio's. For an
// asio::awaitable, use asio::steady_timer.
#pragma once

#include <chrono>
#include <coroutine>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include <waybill/async/detail/asio_config.h>
#include <waybill/async/future.h>
#include <waybill/async/task.h>

#include WAYBILL_ASIO(any_io_executor.hpp)
#include WAYBILL_ASIO(steady_timer.hpp)

namespace waybill {
namespace detail {

class SleepAwaiter final : public ResumeUnderContext {
 public:
  SleepAwaiter(const asio::any_io_executor& executor, std::chrono::steady_clock::duration time)
      : state_(std::make_shared<State>(executor)), time_(time) {}
  SleepAwaiter(const SleepAwaiter&) = delete;
  SleepAwaiter& operator=(const SleepAwaiter&) = delete;
  // The coroutine may be destroyed while it sleeps.
  ~SleepAwaiter() { state_->end(nullptr); }

  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> handle) {
    prepare(handle);
    // Once begun, this may be gone before begin() returns.
    const std::shared_ptr<State> state = state_;
    stop_.emplace(stop_token_of(handle), Cancel{state.get()});
    return state->begin(*this, time_);
  }

  void await_resume() {
    stop_.reset();
    if (state_->stopped()) throw Cancelled();
  }

 private:
  class State : public std::enable_shared_from_this<State> {
   public:
    explicit State(const asio::any_io_executor& executor) : timer_(executor) {}

    // False: a stop was requested before.
    bool begin(SleepAwaiter& awaiter, std::chrono::steady_clock::duration time) {
      const std::lock_guard lock(mutex_);
      if (stopped_) return false;
      awaiter_ = &awaiter;
      timer_.expires_after(time);
      timer_.async_wait([self = this->shared_from_this()](const AsioError&) {
        if (SleepAwaiter* sleeper = self->end(nullptr)) sleeper->resume();
      });
      return true;
    }
    void stop() noexcept {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      timer_.cancel();
    }
    bool stopped() const noexcept {
      const std::lock_guard lock(mutex_);
      return stopped_;
    }
    // Who was sleeping, for the first who asks.
    SleepAwaiter* end(SleepAwaiter* next) noexcept {
      const std::lock_guard lock(mutex_);
      SleepAwaiter* const sleeper = std::exchange(awaiter_, next);
      if (sleeper != nullptr) timer_.cancel();
      return sleeper;
    }

   private:
    mutable std::mutex mutex_;
    asio::steady_timer timer_;
    SleepAwaiter* awaiter_ = nullptr;
    bool stopped_ = false;
  };

  struct Cancel {
    State* state;
    void operator()() const noexcept { state->stop(); }
  };

  std::shared_ptr<State> state_;
  std::chrono::steady_clock::duration time_;
  std::optional<std::stop_callback<Cancel>> stop_;
};

}  // namespace detail

inline detail::SleepAwaiter sleep_for(const asio::any_io_executor& executor,
                                      std::chrono::steady_clock::duration time) {
  return detail::SleepAwaiter(executor, time);
}

}  // namespace waybill
