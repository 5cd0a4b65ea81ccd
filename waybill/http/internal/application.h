// Application: what a server does with one whole request: its routes and its chain of middlewares.
#pragma once

#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <waybill/http/handler.h>
#include <waybill/http/message.h>
#include <waybill/http/middleware.h>
#include <waybill/http/router.h>
#include <waybill/http/server.h>

namespace waybill::http::internal {

// Thread-safe once no more routes and middlewares are added. Must outlive what handle() returns.
class Application {
 public:
  explicit Application(const ServerOptions& options);

  void route(std::string_view method, std::string_view pattern, Handler handler);
  void use(Middleware middleware);

  // Never fails: an exception within becomes a response of status 500. To be awaited on a strand.
  boost::asio::awaitable<Response> handle(Request request) const;

  // The response to a request that cannot be handled, traced like any other.
  Response refuse(const Request& request, int status, std::string_view reason) const;

 private:
  TraceIdSpelling spelling() const noexcept;

  const ServerOptions& options_;
  Router router_;
  Handler unmatched_;
  std::vector<Middleware> middlewares_;
};

}  // namespace waybill::http::internal
