// Timers: periodic and delayed work, each run under a context of its own.
//
//   Scope scope{Context::current().with({{"account_id", "acme"}})};
//   Timer poll = waybill::every(io, 30s, [] { log.info("polling"); });        // account_id is
//   there Timer late = waybill::after(io, 5min, [&]() -> asio::awaitable<void> { co_await
//   give_up(); });
//   ...
//   poll.stop();                                              // as its destructor would
//
// A tick runs under a child of the context in which every() or after() was called; or, by option,
// each in a trace of its own. The ticks of a timer follow a fixed schedule that does not drift, and
// never overlap: those that fall due while one is still running are left out.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <waybill/async/co_spawn.h>
#include <waybill/async/detail/asio_config.h>
#include <waybill/async/detail/timer_series.h>
#include <waybill/core/context.h>
#include <waybill/core/error.h>
#include <waybill/core/scope.h>

#include WAYBILL_ASIO(awaitable.hpp)
#include WAYBILL_ASIO(detached.hpp)
#include WAYBILL_ASIO(this_coro.hpp)

namespace waybill {

enum class TickContext {
  kChild,     // the same trace, a new span whose parent is the one that was current
  kNewTrace,  // a new trace with the same fields and baggage; context variables stay behind
};

struct TimerOptions {
  TickContext context = TickContext::kChild;
  // Is told what a tick threw, under that tick's context; if left out, nobody is. The timer goes on
  // either way.
  std::function<void(std::exception_ptr)> on_error = {};
};

// A running timer. Stops it when destroyed. May outlive the io_context.
class [[nodiscard]] Timer {
 public:
  Timer() noexcept = default;
  explicit Timer(std::shared_ptr<detail::TimerStop> running) noexcept
      : running_(std::move(running)) {}
  Timer(Timer&& other) noexcept = default;
  Timer& operator=(Timer&& other) noexcept {
    stop();
    running_ = std::move(other.running_);
    return *this;
  }
  ~Timer() { stop(); }

  // No tick begins after this. One that is running goes on and is not waited for: what the function
  // refers to has to outlive it. Thread-safe, and may be called by a tick.
  void stop() const noexcept {
    if (running_) running_->stop();
  }

  // Leaves it running, as long as its executor runs anything.
  void detach() noexcept { running_.reset(); }

 private:
  std::shared_ptr<detail::TimerStop> running_;
};

namespace detail {

inline Context tick_context(const Context& scheduled, TickContext option) {
  if (option == TickContext::kChild) return scheduled.child();
  return Context::new_trace({.baggage = scheduled.baggage()}).with(scheduled.fields());
}

// Never fails: an exception goes to the options' function.
template <class F>
asio::awaitable<void> run_tick(F& function, const TimerOptions& options, Context context) {
  const Scope scope{std::move(context)};
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
      function();
    } else {
      co_await function();
    }
  } catch (...) {
    try {
      if (options.on_error) options.on_error(std::current_exception());
    } catch (...) {  // there is nobody left to tell
    }
  }
  co_return;
}

template <class F>
asio::awaitable<void> run_ticks(std::shared_ptr<TimerStop> stop, TickSchedule schedule, F function,
                                TimerOptions options) {
  const Context scheduled = capture();
  TickWait wait(std::move(stop), co_await asio::this_coro::executor);
  do {
    const bool due = co_await wait.until(schedule.next());
    if (!due) co_return;
    try {
      co_await run_tick(function, options, tick_context(scheduled, options.context));
    } catch (const std::bad_alloc&) {  // no memory for this tick; perhaps there is for the next
    }
  } while (schedule.advance(TickSchedule::Clock::now()));
}

template <class Target, class F>
Timer start_timer(Target&& executor, TickSchedule schedule, F&& function, TimerOptions options) {
  using Function = std::decay_t<F>;
  auto stop = std::make_shared<TimerStop>();
  Timer timer(stop);
  waybill::co_spawn(
      executor,
      run_ticks<Function>(std::move(stop), schedule, std::forward<F>(function), std::move(options)),
      asio::detached);
  return timer;
}

inline TickSchedule::Clock::duration checked_time(std::string_view option,
                                                  TickSchedule::Clock::duration time,
                                                  TickSchedule::Clock::duration least) {
  constexpr std::chrono::hours kMost{24 * 365 * 100};
  if (time >= least && time <= kMost) return time;
  throw Error::bad_option(option, std::to_string(time.count()) + " ns",
                          std::to_string(least.count()) + " ns to 100 years");
}

}  // namespace detail

// Calls `function` each time `interval` has passed; the first time, when it has passed once.
// `function` takes nothing and returns nothing, or an asio::awaitable<void>, which is then awaited.
// `executor` is an executor or an io_context, and has work until the timer is stopped. Throws Error
// when the interval is not positive.
template <class Executor, class F>
Timer every(Executor&& executor, std::chrono::steady_clock::duration interval, F&& function,
            TimerOptions options = {}) {
  detail::checked_time("interval", interval, std::chrono::nanoseconds(1));
  return detail::start_timer(
      executor, detail::TickSchedule(std::chrono::steady_clock::now() + interval, interval),
      std::forward<F>(function), std::move(options));
}

// Calls `function` once, when `delay` has passed. The rest is as above; a delay may be zero.
template <class Executor, class F>
Timer after(Executor&& executor, std::chrono::steady_clock::duration delay, F&& function,
            TimerOptions options = {}) {
  detail::checked_time("delay", delay, std::chrono::nanoseconds(0));
  return detail::start_timer(executor,
                             detail::TickSchedule(std::chrono::steady_clock::now() + delay, {}),
                             std::forward<F>(function), std::move(options));
}

}  // namespace waybill
