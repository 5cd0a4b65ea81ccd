// Middleware: code around the handlers of a server: authentication, compression, timing.
//
//   boost::asio::awaitable<Response> only_with_key(Request request, Next next) {
//     if (!request.header("X-Api-Key")) co_return Response::error(401, "no key");
//     Response response = co_await next(std::move(request));
//     response.headers.set("X-Checked", "yes");
//     co_return response;
//   }
//   server.use(only_with_key);
//
// The first one given to Server::use() is the outermost. All run inside tracing, so under the
// request's context, and around requests that no route matches as well. The route is chosen before
// them: `request.route` and its path parameters are there to be read.
#pragma once

#include <functional>

#include <boost/asio/awaitable.hpp>

#include <waybill/http/handler.h>
#include <waybill/http/message.h>

namespace waybill::http {

class Next;

// Takes both by value: they belong to its coroutine. Called from several threads at a time.
using Middleware = std::function<boost::asio::awaitable<Response>(Request, Next)>;

// The rest of the chain: the middlewares further in and, last, the handler. A small value; what it
// refers to is the server's and outlives every request. Calling it twice runs the rest twice.
class Next {
 public:
  Next(const Middleware* first, const Middleware* last, const Handler* handler) noexcept
      : first_(first), last_(last), handler_(handler) {}

  boost::asio::awaitable<Response> operator()(Request request) const {
    if (first_ == last_) return (*handler_)(std::move(request));
    return (*first_)(std::move(request), Next(first_ + 1, last_, handler_));
  }

 private:
  const Middleware* first_;
  const Middleware* last_;
  const Handler* handler_;
};

}  // namespace waybill::http
