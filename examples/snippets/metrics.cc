// Metrics that a Prometheus server scrapes, with exemplars that lead to traces.
#include <sstream>
#include <string>
#include <utility>

#include <waybill/core/core.h>
#include <waybill/http/client.h>
#include <waybill/http/server.h>
#include <waybill/log/log.h>
#include <waybill/metrics/metrics.h>

using waybill::http::Request;
using waybill::http::Response;

Response metrics(const Request& request) {
  auto exposition = waybill::prometheus_exposition(request.header("Accept").value_or(""));
  Response response{.status = exposition.status, .body = std::move(exposition.body)};
  response.headers.set("Content-Type", exposition.content_type);
  return response;
}

int main() {
  const auto log = waybill::logger("metrics");
  const waybill::Meter meter("checkout");
  const auto orders = meter.counter("orders", {.description = "Orders taken."});
  const auto duration = meter.histogram("duration", {.unit = "s", .bounds = {0.1, 1}});

  const waybill::Scope order{waybill::Context::new_trace({.name = "order-9"})};
  orders.add(1, {{"paid.by", "card"}});
  duration.record(0.25);

  waybill::http::Server server({.tracing = false});
  server.route("GET", "/metrics", metrics);
  server.start();
  waybill::http::Client client;
  const auto scraped = client.get("http://127.0.0.1:" + std::to_string(server.port()) + "/metrics",
                                  {{"Accept", "application/openmetrics-text"}});
  const std::string trace_id = waybill::Context::current().trace_id().to_hex();
  std::istringstream lines(scraped.response.body);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("_total{") == line.npos && line.find("_bucket{") == line.npos) continue;
    const bool exemplar = line.find("# {trace_id=\"" + trace_id) != line.npos;
    log.info("{}{}", line.substr(0, line.find(" #")), exemplar ? ", in this trace" : "");
  }
}

// Prints
//   [order-9] INFO - orders_total{paid_by="card",otel_scope_name="checkout"} 1, in this trace
//   [order-9] INFO - duration_seconds_bucket{otel_scope_name="checkout",le="0.1"} 0
//   [order-9] INFO - duration_seconds_bucket{otel_scope_name="checkout",le="1.0"} 1, in this trace
//   [order-9] INFO - duration_seconds_bucket{otel_scope_name="checkout",le="+Inf"} 1
