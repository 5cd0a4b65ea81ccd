// What every() and after() in timers.h are made of: when the ticks of a timer are due, and the wait
// for the next one, which may be ended from any thread.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

#include <waybill/async/detail/asio_config.h>

#include WAYBILL_ASIO(any_io_executor.hpp)
#include WAYBILL_ASIO(async_result.hpp)
#include WAYBILL_ASIO(redirect_error.hpp)
#include WAYBILL_ASIO(steady_timer.hpp)
#include WAYBILL_ASIO(use_awaitable.hpp)

namespace waybill::detail {

// The n-th tick is due at begin + n * interval, whenever those before it ran.
class TickSchedule {
 public:
  using Clock = std::chrono::steady_clock;

  // An interval of zero: one tick alone.
  TickSchedule(Clock::time_point first, Clock::duration interval) noexcept
      : next_(first), interval_(interval) {}

  Clock::time_point next() const noexcept { return next_; }

  // To the first tick that is due after `now`. False: there are no more.
  bool advance(Clock::time_point now) noexcept {
    if (interval_ == Clock::duration::zero()) return false;
    const auto missed = now > next_ ? (now - next_) / interval_ : 0;
    next_ += (missed + 1) * interval_;
    return true;
  }

 private:
  Clock::time_point next_;
  Clock::duration interval_;
};

// Shared by whoever may stop a timer and the coroutine that runs its ticks. Thread-safe.
class TimerStop {
 public:
  void stop() noexcept {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (timer_ != nullptr) timer_->cancel();
  }
  bool stopped() const noexcept {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  friend class TickWait;

  mutable std::mutex mutex_;
  bool stopped_ = false;
  asio::steady_timer* timer_ = nullptr;  // while there is one
};

// Belongs to the coroutine, and goes with it when the io_context is torn down: a TimerStop may be
// used after that.
class TickWait {
 public:
  TickWait(std::shared_ptr<TimerStop> stop, const asio::any_io_executor& executor)
      : stop_(std::move(stop)), timer_(executor) {
    const std::lock_guard lock(stop_->mutex_);
    stop_->timer_ = &timer_;
  }
  TickWait(const TickWait&) = delete;
  TickWait& operator=(const TickWait&) = delete;
  ~TickWait() {
    const std::lock_guard lock(stop_->mutex_);
    stop_->timer_ = nullptr;
  }

  // False when the timer was stopped.
  asio::awaitable<bool> until(TickSchedule::Clock::time_point due) {
    const auto begin = [this, due](auto handler) {
      const std::lock_guard lock(stop_->mutex_);
      timer_.expires_at(stop_->stopped_ ? TickSchedule::Clock::time_point::min() : due);
      timer_.async_wait(std::move(handler));
    };
    AsioError ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await asio::async_initiate<decltype(token), void(AsioError)>(begin, token);
    co_return !stop_->stopped();
  }

 private:
  const std::shared_ptr<TimerStop> stop_;
  asio::steady_timer timer_;
};

}  // namespace waybill::detail
