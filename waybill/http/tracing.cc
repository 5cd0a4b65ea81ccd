#include <utility>
#include <vector>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <waybill/async/co_spawn.h>
#include <waybill/core/scope.h>
#include <waybill/http/headers_carrier.h>
#include <waybill/http/tracing.h>
#include <waybill/log/log.h>
#include <waybill/trace/tracer.h>
#include <waybill/trace/tracing.h>

namespace waybill::http {
namespace {

namespace asio = boost::asio;

const Logger& access_log() {
  static const Logger log = logger("http.access");
  return log;
}

const Tracer& tracer() {
  static const Tracer http("waybill.http");
  return http;
}

asio::awaitable<Response> run_under(Context context, asio::awaitable<Response> work) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  co_return co_await waybill::co_spawn(executor, context, std::move(work), asio::use_awaitable);
}

asio::awaitable<Response> traced(TracingOptions options, Request request, Next next) {
  RequestTrace trace(request, options);
  Response response = co_await run_under(trace.context(), next(std::move(request)));
  trace.finish(response);
  co_return response;
}

}  // namespace

RequestTrace::RequestTrace(const Request& request, const TracingOptions& options)
    : propagator_(options.propagator),
      begin_(std::chrono::steady_clock::now()),
      method_(request.method),
      path_(request.path.substr(0, kMaxLoggedPath)),
      route_(request.route),
      client_address_(request.remote_address) {
  const HeadersCarrier carrier(request.headers);
  const Context sender = propagator_.extract(carrier, {.trusted = options.trusted});
  if (!is_tracing()) {
    context_ = sender.child();
    return;
  }
  const Attribute attributes[] = {{"http.request.method", method_},
                                  {"url.path", path_},
                                  {"client.address", client_address_},
                                  {"http.route", route_}};
  const std::string name = route_.empty() ? method_ : method_ + ' ' + route_;
  StartedSpan started = tracer().start(name, Attributes(attributes).first(route_.empty() ? 3 : 4),
                                       {.kind = SpanKind::kServer, .parent = &sender});
  context_ = std::move(started.context);
  span_ = std::move(started.span);
}

void RequestTrace::finish(Response& response) {
  const std::chrono::duration<double, std::milli> duration =
      std::chrono::steady_clock::now() - begin_;

  HeadersCarrier carrier(response.headers);
  propagator_.inject_response(context_, carrier);

  // HEAD sends the length of a body, not the body.
  const std::size_t bytes = method_ == "HEAD" ? 0 : response.body.size();
  std::vector<Field> fields{{"http.request.method", method_},
                            {"url.path", path_},
                            {"http.response.status_code", response.status},
                            {"http.response.body.size", bytes},
                            {"client.address", client_address_},
                            {"duration_ms", duration.count()}};
  if (!route_.empty()) fields.push_back({"http.route", route_});

  const Scope scope{context_};
  access_log().log(Level::kInfo, Fields(fields.data(), fields.size()), "{} {} -> {}", method_,
                   path_, response.status);

  span_.set("http.response.status_code", response.status).set("http.response.body.size", bytes);
  if (response.status >= 500) {
    span_.set("error.type", std::to_string(response.status)).set_error();
  }
  span_.end();
}

Middleware tracing(TracingOptions options) {
  return
      [options](Request request, Next next) { return traced(options, std::move(request), next); };
}

}  // namespace waybill::http
