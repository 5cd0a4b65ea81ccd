// Handler: what answers a request. Either of
//
//   Response plain(const Request& request);                      // runs to its end on its thread
//   boost::asio::awaitable<Response> coroutine(Request request); // may co_await timers, clients, …
//
// or any callable with one of these signatures. Both run under the request's own context:
// Context::current() is the request's, in a coroutine after each co_await too, whichever thread it
// comes back on.
//
// A plain handler holds one of the server's threads until it returns; let one that waits be a
// coroutine. A Scope that a coroutine opens itself may stay open across co_await: it runs on a
// ContextExecutor (waybill/async/context_executor.h), which goes for what it spawns, too.
//
// Handlers are called from several threads at a time.
#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include <waybill/async/asio_tracking.h>
#include <waybill/http/message.h>

namespace waybill::http {

template <class F>
concept PlainHandler = std::is_invocable_r_v<Response, const F&, const Request&>;

template <class F>
concept CoroutineHandler = requires(const F& function, Request request) {
  { function(std::move(request)) } -> std::same_as<boost::asio::awaitable<Response>>;
};

class Handler {
 public:
  template <class F>
    requires(PlainHandler<F> || CoroutineHandler<F>)
  Handler(F function) {
    if constexpr (CoroutineHandler<F>) {
      coroutine_ = std::move(function);
    } else {
      plain_ = std::move(function);
    }
  }

  // The handler must outlive what it returns: a lambda coroutine's captures live in it.
  boost::asio::awaitable<Response> operator()(Request request) const;

 private:
  std::function<Response(const Request&)> plain_;
  // By reference to the request that operator() keeps: so a coroutine may take it by value or not.
  std::function<boost::asio::awaitable<Response>(Request&&)> coroutine_;
};

}  // namespace waybill::http
