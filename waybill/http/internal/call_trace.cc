#include <utility>

#include <waybill/core/scope.h>
#include <waybill/http/internal/call_trace.h>
#include <waybill/log/log.h>
#include <waybill/trace/tracer.h>

namespace waybill::http::internal {
namespace {

const Tracer& tracer() {
  static const Tracer http("waybill.http");
  return http;
}

const Logger& client_log() {
  static const Logger log = logger("http.client");
  return log;
}

}  // namespace

CallTrace::CallTrace(std::string_view method, std::string_view url, const Url& parsed) {
  const Attribute attributes[] = {{"http.request.method", method},
                                  {"url.full", url},
                                  {"server.address", parsed.host},
                                  {"server.port", parsed.port}};
  StartedSpan started = tracer().start(method, attributes, {.kind = SpanKind::kClient});
  span_ = std::move(started.span);
  context_ = std::move(started.context);
  if (client_log().enabled(Level::kDebug)) {
    method_ = method;
    url_ = url;
    begin_ = std::chrono::steady_clock::now();
  }
}

// As OpenTelemetry's semantic conventions have it: to a client, 4xx is a failure too.
void CallTrace::finish(const ClientResult& result) {
  if (result.ok()) span_.set("http.response.status_code", result.response.status);
  if (!result.ok()) {
    span_.set("error.type", result.error.message()).set_error(result.message);
  } else if (result.response.status >= 400) {
    span_.set("error.type", std::to_string(result.response.status)).set_error();
  }
  if (!method_.empty()) log(result);
  span_.end();
}

void CallTrace::log(const ClientResult& result) const {
  const std::chrono::duration<double, std::milli> duration =
      std::chrono::steady_clock::now() - begin_;
  const Scope scope{context_};
  if (result.ok()) {
    client_log().debug({{"http.request.method", method_},
                        {"url.full", url_},
                        {"http.response.status_code", result.response.status},
                        {"duration_ms", duration.count()}},
                       "{} {} -> {}", method_, url_, result.response.status);
  } else {
    client_log().debug({{"http.request.method", method_},
                        {"url.full", url_},
                        {"error.type", result.error.message()},
                        {"duration_ms", duration.count()}},
                       "{} {} -> {}", method_, url_, result.message);
  }
}

}  // namespace waybill::http::internal
