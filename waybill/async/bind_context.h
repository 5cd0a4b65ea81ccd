// bind_context: a completion handler, or any completion token, that brings its context along,
// whatever executor it is run by.
//
//   socket.async_read_some(buffer, waybill::bind_context([](error_code e, std::size_t) {
//     log.info("the id that was current at bind_context(): {}", e.message());
//   }));
//   auto answer = socket.async_read_some(buffer, waybill::bind_context(asio::use_future));
//
// What is carried is the context at the time of bind_context(), or the one that is given. The
// handler keeps its associated executor, allocator and cancellation slot. For co_await there is
// waybill::use_awaitable (use_awaitable.h), which needs not be made anew each time.
//
// It differs from bind() in that it is called once, as every completion handler is, and may
// therefore resume a coroutine.
#pragma once

#include <type_traits>
#include <utility>

#include <waybill/async/detail/asio_config.h>
#include <waybill/core/ambient.h>
#include <waybill/core/context.h>

#include WAYBILL_ASIO(associator.hpp)
#include WAYBILL_ASIO(async_result.hpp)

namespace waybill {

template <class Handler>
class ContextBinder {
 public:
  using target_type = Handler;

  template <class H>
  ContextBinder(detail::AmbientCapture capture, H&& handler)
      : capture_(std::move(capture)), handler_(std::forward<H>(handler)) {}

  template <class... Args>
  void operator()(Args&&... args) {
    const detail::AmbientBracket bracket(std::move(capture_));
    Handler handler(
        std::move(handler_));  // so that what it owns is destroyed under its context too
    std::move(handler)(std::forward<Args>(args)...);
  }

  Handler& get() noexcept { return handler_; }
  const Handler& get() const noexcept { return handler_; }
  const detail::AmbientCapture& capture() const noexcept { return capture_; }

 private:
  detail::AmbientCapture capture_;
  Handler handler_;
};

template <class Handler>
[[nodiscard]] ContextBinder<std::decay_t<Handler>> bind_context(Context context,
                                                                Handler&& handler) {
  return {detail::AmbientCapture{std::move(context)}, std::forward<Handler>(handler)};
}
template <class Handler>
[[nodiscard]] ContextBinder<std::decay_t<Handler>> bind_context(Handler&& handler) {
  return {detail::capture_ambient(), std::forward<Handler>(handler)};
}

namespace detail {

// What begins an operation, with a context bound to the handler that it gets: the one that
// `captured()` returns then.
template <class Initiation, class Captured>
class BoundInitiation {
 public:
  BoundInitiation(Initiation initiation, Captured captured)
      : initiation_(std::move(initiation)), captured_(std::move(captured)) {}

  template <class Handler, class... Args>
  void operator()(Handler&& handler, Args&&... args) && {
    std::move(initiation_)(bound(std::forward<Handler>(handler)), std::forward<Args>(args)...);
  }
  template <class Handler, class... Args>
  void operator()(Handler&& handler, Args&&... args) const& {
    initiation_(bound(std::forward<Handler>(handler)), std::forward<Args>(args)...);
  }

  const Initiation& get() const noexcept { return initiation_; }

 private:
  template <class Handler>
  auto bound(Handler&& handler) const {
    return ContextBinder<std::decay_t<Handler>>(captured_(), std::forward<Handler>(handler));
  }

  Initiation initiation_;
  Captured captured_;
};

struct CapturedBefore {
  AmbientCapture operator()() const noexcept { return capture; }
  AmbientCapture capture;
};
struct CapturedThen {
  AmbientCapture operator()() const noexcept { return capture_ambient(); }
};

// Asio's associated executor, allocator, … of something that wraps a T.
template <template <class, class> class Associator, class T, class Wrapper, class Default>
struct ForwardedAssociation {
  using type = typename Associator<T, Default>::type;

  static decltype(auto) get(const Wrapper& wrapper) noexcept {
    return Associator<T, Default>::get(wrapper.get());
  }
  static decltype(auto) get(const Wrapper& wrapper, const Default& otherwise) noexcept {
    return Associator<T, Default>::get(wrapper.get(), otherwise);
  }
};

// The handler type that Asio's initiating functions check, where the token is a handler.
template <class TokenResult>
struct BoundHandlerType {};
template <class TokenResult>
  requires requires { typename TokenResult::completion_handler_type; }
struct BoundHandlerType<TokenResult> {
  using completion_handler_type = ContextBinder<typename TokenResult::completion_handler_type>;
};

}  // namespace detail
}  // namespace waybill

template <template <class, class> class Associator, class Handler, class Default>
struct waybill::asio::associator<Associator, waybill::ContextBinder<Handler>, Default>
    : waybill::detail::ForwardedAssociation<Associator, Handler, waybill::ContextBinder<Handler>,
                                            Default> {};

template <template <class, class> class Associator, class Initiation, class Captured, class Default>
struct waybill::asio::associator<Associator, waybill::detail::BoundInitiation<Initiation, Captured>,
                                 Default>
    : waybill::detail::ForwardedAssociation<
          Associator, Initiation, waybill::detail::BoundInitiation<Initiation, Captured>, Default> {
};

template <class Token, class... Signatures>
class waybill::asio::async_result<waybill::ContextBinder<Token>, Signatures...>
    : public waybill::detail::BoundHandlerType<waybill::asio::async_result<Token, Signatures...>> {
 public:
  template <class Initiation, class Binder, class... Args>
  static decltype(auto) initiate(Initiation&& initiation, Binder&& binder, Args&&... args) {
    using waybill::detail::CapturedBefore;
    return waybill::asio::async_initiate<Token, Signatures...>(
        waybill::detail::BoundInitiation<std::decay_t<Initiation>, CapturedBefore>(
            std::forward<Initiation>(initiation), CapturedBefore{binder.capture()}),
        binder.get(), std::forward<Args>(args)...);
  }
};
