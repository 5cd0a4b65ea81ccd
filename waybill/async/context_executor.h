// ContextExecutor: an Asio executor under which every handler has the right ambient context.
//
//   asio::steady_timer timer(waybill::context_executor(io), 10ms);
//   Scope scope{job};
//   timer.async_wait([](auto) { log.info("job's id here"); });     // and nothing left behind
//   asio::post(waybill::context_executor(io), [] { log.info("and here"); });
//
// A handler runs under
//   - the context in which its operation was initiated (async_wait, async_read, co_spawn, …);
//   - for work handed straight to the executor (post, dispatch, defer): the one of the caller;
//   - where those had none: the one given to context_executor(), if any.
// What the thread had is back afterwards.
//
// A coroutine that runs on one, be it spawned there by asio::co_spawn or waybill::co_spawn, is
// right after each co_await with Asio's own completion tokens, also with scopes open across it.
//
// It goes where any executor goes: into an any_io_executor, an I/O object, bind_executor. Copies
// are as thread-safe as those of the inner executor.
//
// Traps. A strand goes inside, ContextExecutor around it: see make_strand.h. A handler that is
// bound to another executor runs on that one: bind_context() such a handler. And an executor taken
// out of a work guard keeps the context in which the guard was made: post to the one it was made
// from.
#pragma once

#include <type_traits>
#include <utility>

#include <waybill/async/detail/asio_config.h>
#include <waybill/core/ambient.h>
#include <waybill/core/context.h>

#include WAYBILL_ASIO(execution.hpp)
#include WAYBILL_ASIO(execution_context.hpp)
#include WAYBILL_ASIO(prefer.hpp)
#include WAYBILL_ASIO(query.hpp)
#include WAYBILL_ASIO(require.hpp)

namespace waybill {
namespace detail {

// One piece of work on its way through an executor. Called once.
template <class F>
class CarriedWork {
 public:
  template <class G>
  CarriedWork(AmbientCapture capture, G&& work)
      : capture_(std::move(capture)), work_(std::forward<G>(work)) {}

  void operator()() {
    const AmbientBracket bracket(std::move(capture_));
    F work(std::move(work_));  // so that what it owns is destroyed under its context too
    std::move(work)();
  }

 private:
  AmbientCapture capture_;
  F work_;
};

template <class Executor, class Work>
void hand_over(const Executor& executor, Work&& work) {
#if defined(WAYBILL_STANDALONE_ASIO) && ASIO_VERSION < 102400
  // The member is there for this function's use alone.
  asio::execution::execute(executor, std::forward<Work>(work));
#else
  executor.execute(std::forward<Work>(work));
#endif
}

// Asio asks for this property in the function that initiates an operation, and keeps the executor
// it gets for the operation's handler.
template <class Property>
inline constexpr bool kBeginsOperation =
    std::is_same_v<Property, asio::execution::outstanding_work_t::tracked_t> ||
    std::is_same_v<Property,
                   asio::execution::prefer_only<asio::execution::outstanding_work_t::tracked_t>>;

// What makes the private parts of a strand known: it runs many handlers as one piece of work.
template <class F>
concept StrandInvoker = requires { typename F::on_invoker_exit; };

}  // namespace detail

// `Carried` is what the executor brings along: the context that was given, or, in the executor of
// an operation, what was ambient when that began.
template <class Inner, class Carried = Context>
class ContextExecutor {
 public:
  using inner_executor_type = Inner;

  ContextExecutor(Inner inner, Carried carried) noexcept
      : inner_(std::move(inner)), carried_(std::move(carried)) {}

  Inner get_inner_executor() const noexcept { return inner_; }

  // Another executor that brings the same along.
  template <class Other>
  ContextExecutor<Other, Carried> with_inner(Other other) const noexcept {
    return ContextExecutor<Other, Carried>(std::move(other), carried_);
  }

  template <class F>
  void execute(F&& work) const {
    using Work = std::decay_t<F>;
    static_assert(!detail::StrandInvoker<Work>,
                  "a strand goes inside: waybill::make_strand(executor), not "
                  "asio::make_strand(waybill::context_executor(executor))");
    detail::hand_over(inner_, detail::CarriedWork<Work>(capture_for_work(), std::forward<F>(work)));
  }

  // Properties are those of the inner executor; a changed one is wrapped again.
  template <class Property>
    requires(asio::can_query_v<const Inner&, Property>)
  decltype(auto) query(const Property& property) const
      noexcept(asio::is_nothrow_query_v<const Inner&, Property>) {
    return asio::query(inner_, property);
  }
  template <class Property>
    requires(asio::can_require_v<const Inner&, Property>)
  auto require(const Property& property) const
      noexcept(asio::is_nothrow_require_v<const Inner&, Property>) {
    return wrap<Property>(asio::require(inner_, property));
  }
  template <class Property>
    requires(asio::can_prefer_v<const Inner&, Property>)
  auto prefer(const Property& property) const
      noexcept(asio::is_nothrow_prefer_v<const Inner&, Property>) {
    return wrap<Property>(asio::prefer(inner_, property));
  }

  // Whether both run work in the same place, whatever context they bring along.
  friend bool operator==(const ContextExecutor& a, const ContextExecutor& b) noexcept {
    return a.inner_ == b.inner_;
  }
  friend bool operator!=(const ContextExecutor& a, const ContextExecutor& b) noexcept {
    return !(a == b);
  }

 private:
  static constexpr bool kOfOperation = std::is_same_v<Carried, detail::AmbientCapture>;

  template <class Property, class Changed>
  auto wrap(Changed&& changed) const noexcept {
    using Executor = std::decay_t<Changed>;
    if constexpr (detail::kBeginsOperation<Property>) {
      return ContextExecutor<Executor, detail::AmbientCapture>(std::forward<Changed>(changed),
                                                               capture_here());
    } else {
      return with_inner(Executor(std::forward<Changed>(changed)));
    }
  }

  detail::AmbientCapture capture_for_work() const noexcept {
    if constexpr (kOfOperation) {
      return carried_;
    } else {
      return capture_here();
    }
  }
  // A scope of an empty context is not nothing: somebody opened it.
  detail::AmbientCapture capture_here() const noexcept {
    detail::AmbientCapture here = detail::capture_ambient();
    if (!here.context.empty() || here.innermost != nullptr) return here;
    return detail::AmbientCapture{carried_};
  }

  Inner inner_;
  Carried carried_;
};

// `given`, if any, is for what begins where there is no context.
template <class Executor>
  requires(asio::execution::is_executor<Executor>::value)
ContextExecutor<Executor> context_executor(Executor executor, Context given = {}) noexcept {
  return ContextExecutor<Executor>(std::move(executor), std::move(given));
}
template <class Inner>
ContextExecutor<Inner> context_executor(const ContextExecutor<Inner>& executor,
                                        Context given = {}) noexcept {
  if (given.empty()) return executor;
  return ContextExecutor<Inner>(executor.get_inner_executor(), std::move(given));
}
template <class ExecutionContext>
  requires(std::is_convertible_v<ExecutionContext&, asio::execution_context&>)
ContextExecutor<typename ExecutionContext::executor_type> context_executor(
    ExecutionContext& execution_context, Context given = {}) noexcept {
  return context_executor(execution_context.get_executor(), std::move(given));
}

}  // namespace waybill
