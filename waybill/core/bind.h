// bind: a callable that runs, wherever it is called, under the context in which it was made.
//
//   std::thread worker(waybill::bind([&] { log.info("same trace as here"); }));
//
// What is carried is the context at the time of bind(). The caller's own context is back when the
// call returns, also when the call has resumed a coroutine. Spell it waybill::bind: for an argument
// whose type comes from std, the bare name can find std::bind as well.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include <waybill/core/ambient.h>

namespace waybill {

// As copyable, and as safe to call from several threads, as F itself; it can be called with what F
// can be called with.
template <class F>
class Bound {
 public:
  template <class G>
  Bound(detail::AmbientCapture capture, G&& function)
      : capture_(std::move(capture)), function_(std::forward<G>(function)) {}

  template <class... Args>
    requires std::is_invocable_v<F&, Args...>
  std::invoke_result_t<F&, Args...> operator()(Args&&... args) & {
    const detail::AmbientBracket bracket{detail::AmbientCapture(capture_)};
    return std::invoke(function_, std::forward<Args>(args)...);
  }
  template <class... Args>
    requires std::is_invocable_v<const F&, Args...>
  std::invoke_result_t<const F&, Args...> operator()(Args&&... args) const& {
    const detail::AmbientBracket bracket{detail::AmbientCapture(capture_)};
    return std::invoke(function_, std::forward<Args>(args)...);
  }
  // For one call, and the cheapest: what was captured goes with it, and what F holds is destroyed
  // at its end, under the same context.
  template <class... Args>
    requires std::is_invocable_v<F, Args...>
  std::invoke_result_t<F, Args...> operator()(Args&&... args) && {
    const detail::AmbientBracket bracket(std::move(capture_));
    F function(std::move(function_));
    return std::invoke(std::move(function), std::forward<Args>(args)...);
  }

  const Context& context() const noexcept { return capture_.context; }

 private:
  detail::AmbientCapture capture_;
  F function_;
};

// Any callable, move-only ones and pointers to members included.
template <class F>
[[nodiscard]] Bound<std::decay_t<F>> bind(Context context, F&& function) {
  return {detail::AmbientCapture{std::move(context)}, std::forward<F>(function)};
}

template <class F>
[[nodiscard]] Bound<std::decay_t<F>> bind(F&& function) {
  return {detail::capture_ambient(), std::forward<F>(function)};
}

}  // namespace waybill
