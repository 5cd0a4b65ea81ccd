// tracing: the middleware that ties each request to its trace. A Server has it by default,
// outermost.
//
// For one request it
//  - takes the sender's context from the headers (propagation.h), or begins a new trace; a header
//    that is malformed or too long is not used, and never fails the request;
//  - makes the request's own context, a child of that, the ambient one for all that runs inside:
//    in a coroutine after each co_await too, on whichever thread it goes on. While tracing is on
//    (waybill/trace), it is that of a span of kind server, "GET /users/{id}", with the fields
//    below but duration_ms as its attributes; it has failed where the status is 500 or above;
//  - puts X-Trace-ID and traceresponse (W3C Trace Context Level 2) into the response, as
//    Propagator::inject_response() says;
//  - writes one record of level info to the logger "http.access", under that context, when the
//    response is ready to be sent. Its fields, by OpenTelemetry's semantic conventions for HTTP:
//    http.request.method, url.path (the first kMaxLoggedPath bytes), http.route (if one matched),
//    http.response.status_code, http.response.body.size (bytes), client.address, and duration_ms
//    (from when the whole request was there to then).
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include <waybill/core/context.h>
#include <waybill/http/message.h>
#include <waybill/http/middleware.h>
#include <waybill/propagation/propagator.h>
#include <waybill/trace/span.h>

namespace waybill::http {

inline constexpr std::size_t kMaxLoggedPath = 2048;

struct TracingOptions {
  // How the sender's context is read from the headers.
  Propagator propagator = default_propagator();
  // Whether baggage that clients send is taken over, and fields from it. Say so only of clients of
  // your own.
  bool trusted = false;
};

Middleware tracing(TracingOptions options = {});

// The same in steps, for a server of another kind: begin, run the work under context(), finish.
class RequestTrace {
 public:
  explicit RequestTrace(const Request& request, const TracingOptions& options = {});

  const Context& context() const noexcept { return context_; }

  // Adds the headers to the response and writes the access record. Call it once.
  void finish(Response& response);

 private:
  Context context_;
  Span span_;
  Propagator propagator_;
  std::chrono::steady_clock::time_point begin_;
  std::string method_;
  std::string path_;
  std::string route_;
  std::string client_address_;
};

}  // namespace waybill::http
