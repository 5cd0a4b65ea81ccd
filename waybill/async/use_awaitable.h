// waybill::use_awaitable: Asio's use_awaitable, after which the coroutine has its own context
// again, whatever executor it runs on.
//
//   asio::awaitable<void> fetch(tcp::socket& socket) {
//     Scope scope{Context::current().with({{"zip_code", "94103"}})};
//     std::size_t n = co_await socket.async_read_some(buffer, waybill::use_awaitable);
//     log.info("read {} bytes", n);                       // zip_code is there
//   }
//
// Scopes may stay open across it. What the resuming thread had is back when the coroutine suspends
// or ends. It takes the place of asio::use_awaitable everywhere: in as_tuple(), redirect_error(),
// as a default completion token:
//
//   using Timer = waybill::use_awaitable_t<>::as_default_on_t<asio::steady_timer>;
//
// Trap: the stretch before the first such co_await runs in whatever started the coroutine, and a
// scope that is open at its end stays behind there. Begin with a co_await that does nothing else:
// `co_await asio::post(waybill::use_awaitable);`.
//
// A coroutine that runs on a ContextExecutor, as what waybill::co_spawn starts does, is right
// without it, and then this costs a second capture. Elsewhere, every co_await on an operation has
// to use it, and groups (`a && b`) are not right: Asio's own tokens are inside them.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include <waybill/async/bind_context.h>
#include <waybill/async/detail/asio_config.h>

#include WAYBILL_ASIO(any_io_executor.hpp)
#include WAYBILL_ASIO(use_awaitable.hpp)

namespace waybill {

template <class Executor = asio::any_io_executor>
struct use_awaitable_t {
  template <class Inner>
  struct executor_with_default : Inner {
    using default_completion_token_type = use_awaitable_t;

    template <class Other>
      requires(!std::same_as<Other, executor_with_default> && std::convertible_to<Other, Inner>)
    executor_with_default(const Other& executor) noexcept : Inner(executor) {}
  };

  // An I/O object type whose operations use this token when none is given.
  template <class IoObject>
  using as_default_on_t = typename IoObject::template rebind_executor<
      executor_with_default<typename IoObject::executor_type>>::other;

  template <class IoObject>
  static typename std::decay_t<IoObject>::template rebind_executor<
      executor_with_default<typename std::decay_t<IoObject>::executor_type>>::other
  as_default_on(IoObject&& object) {
    return typename std::decay_t<IoObject>::template rebind_executor<executor_with_default<
        typename std::decay_t<IoObject>::executor_type>>::other(std::forward<IoObject>(object));
  }
};

inline constexpr use_awaitable_t<> use_awaitable;

}  // namespace waybill

template <class Executor, class... Signatures>
class waybill::asio::async_result<waybill::use_awaitable_t<Executor>, Signatures...> {
  using Inner =
      waybill::asio::async_result<waybill::asio::use_awaitable_t<Executor>, Signatures...>;

 public:
  using return_type = typename Inner::return_type;

  // The frame that Asio makes for the operation keeps the initiation, and calls it while the
  // coroutine's context is the ambient one.
  template <class Initiation, class... Args>
  static return_type initiate(Initiation initiation, waybill::use_awaitable_t<Executor>,
                              Args... args) {
    using waybill::detail::CapturedThen;
    return Inner::initiate(
        waybill::detail::BoundInitiation<Initiation, CapturedThen>(std::move(initiation), {}),
        waybill::asio::use_awaitable_t<Executor>{}, std::move(args)...);
  }
};
