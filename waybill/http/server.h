// Server: answers HTTP/1.1 requests, each under its own trace context.
//
//   Server server({.port = 8080});
//   server.route("GET", "/jobs/{id}", [](const Request& request) {
//     log.info("looking up a job");                       // carries the request's trace_id
//     return Response::json(200, find_job(*request.param("id")));
//   });
//   server.start();
//   ...
//   server.stop();                                        // or the destructor does
//
// It binds when it is started and answers on threads of its own. What each request is given and
// what is logged of it, see tracing.h; what a handler can be, handler.h.
//
// HTTP as in RFC 9110 and 9112: keep-alive, pipelining (answered one after the other, in order),
// chunked request bodies (trailers are dropped), HEAD, Expect: 100-continue. No TLS: put a proxy
// that ends it in front, and bind to a private address. No upgrades and no compression.
//
// What is wrong with a request is answered and the connection closed: 400 malformed, 408 too slow,
// 413 and 431 too large, 417 and 501 not supported, 505 another version. 500 when a handler
// throws: the error is logged under the request's context, the client is told its trace id and no
// more. Each of these answers, and 404 and 405, is {"error": "...", "trace_id": "..."}, with the id
// as X-Trace-ID spells it.
//
// Set-up throws Error. stop() may be called from any thread; everything else from one at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <waybill/http/handler.h>
#include <waybill/http/middleware.h>
#include <waybill/http/tracing.h>

namespace waybill::http {

struct ServerOptions {
  std::string host = "127.0.0.1";  // an address of this machine, or a name of one
  std::uint16_t port = 0;          // 0: a free one, which port() tells
  unsigned threads = 2;

  std::size_t max_header_bytes = 16 * 1024;  // request line and headers together; beyond: 431
  std::size_t max_body_bytes = 1024 * 1024;  // beyond: 413
  // Connections beyond these are answered 503 with Retry-After and closed.
  std::size_t max_connections = 1024;

  // How long a connection may wait for its next request; then it is closed.
  std::chrono::milliseconds idle_timeout{60'000};
  // From the first byte of a request to the end of its headers; then 408.
  std::chrono::milliseconds header_timeout{10'000};
  // For the body to arrive (then 408) and, after that, for a coroutine handler to answer: then it
  // is cancelled (Asio's terminal cancellation) and 503 sent. A plain handler cannot be stopped.
  std::chrono::milliseconds request_timeout{30'000};
  // For the client to take the response; then the connection is closed.
  std::chrono::milliseconds write_timeout{30'000};
  // How long stop() lets running requests go on.
  std::chrono::milliseconds stop_timeout{5'000};

  bool tracing = true;
  TracingOptions tracing_options = {};
};

class Server {
 public:
  // Throws Error for an option that is out of its range.
  explicit Server(ServerOptions options = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  // Before start(). Patterns: router.h. Order of middlewares: middleware.h.
  void route(std::string_view method, std::string_view pattern, Handler handler);
  void use(Middleware middleware);

  // Binds and begins to answer. Throws Error, naming host and port, when that is not possible, and
  // when it was called before.
  void start();

  // The port it listens on; 0 before start().
  std::uint16_t port() const noexcept;
  // Connections open now.
  std::size_t connections() const noexcept;

  // Takes no more connections, closes the idle ones, lets requests that run finish for up to
  // stop_timeout, then cancels them, and returns when its threads have ended. A plain handler that
  // does not return keeps it waiting. A second call returns when the first has. Called from a
  // handler it only begins to stop: the destructor, elsewhere, waits.
  void stop();

 private:
  class Running;

  std::unique_ptr<Running> running_;
};

}  // namespace waybill::http
