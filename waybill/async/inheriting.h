// inherit(f): f with the context that is current here, for code that calls it later on another
// thread. What thread, async and the other carriers of this room put around what they are given.
//
// As bind() (waybill/core/bind.h), and stricter in two ways that such carriers need: it can be
// called with what F can be called with, no more, so that std::jthread and the like choose right;
// and each call owns its reference to the context, so that the call may resume a coroutine.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include <waybill/core/ambient.h>

namespace waybill::detail {

// As copyable, and as safe to call from several threads, as F itself.
template <class F>
class Inheriting {
 public:
  template <class G>
  Inheriting(AmbientCapture capture, G&& function)
      : capture_(std::move(capture)), function_(std::forward<G>(function)) {}

  template <class... Args>
    requires std::is_invocable_v<F&, Args...>
  std::invoke_result_t<F&, Args...> operator()(Args&&... args) & {
    const AmbientBracket bracket{AmbientCapture(capture_)};
    return std::invoke(function_, std::forward<Args>(args)...);
  }
  template <class... Args>
    requires std::is_invocable_v<const F&, Args...>
  std::invoke_result_t<const F&, Args...> operator()(Args&&... args) const& {
    const AmbientBracket bracket{AmbientCapture(capture_)};
    return std::invoke(function_, std::forward<Args>(args)...);
  }
  // For one call: what f holds is destroyed with the call's end, under the same context.
  template <class... Args>
    requires std::is_invocable_v<F, Args...>
  std::invoke_result_t<F, Args...> operator()(Args&&... args) && {
    const AmbientBracket bracket(std::move(capture_));
    F function(std::move(function_));
    return std::invoke(std::move(function), std::forward<Args>(args)...);
  }

 private:
  AmbientCapture capture_;
  F function_;
};

template <class F>
[[nodiscard]] Inheriting<std::decay_t<F>> inherit(F&& function) {
  return {capture_ambient(), std::forward<F>(function)};
}

}  // namespace waybill::detail
