// Prometheus: metrics as the text that a Prometheus server, or whatever else scrapes, asks for.
//
//   server.route("GET", "/metrics", [](const Request& request) {
//     auto answer = waybill::prometheus_exposition(request.header("Accept").value_or(""));
//     Response response{.status = answer.status, .body = std::move(answer.body)};
//     response.headers.set("Content-Type", answer.content_type);
//     return response;
//   });
//
// Two formats: Prometheus's text format 0.0.4, and OpenMetrics 1.0, which has exemplars; the
// server's Accept header decides. Names are those of the OpenTelemetry specification ("Prometheus
// and OpenMetrics Compatibility"): "http.duration" in "s" is http_duration_seconds, the counter
// "http.requests" is http_requests_total. Resource attributes are the labels of target_info; the
// meter's name and version are the labels otel_scope_name and otel_scope_version.
//
// Points whose labels have become the same ("code" as a text and as a number) are added up:
// histograms on the bounds that all of them have, exponential ones at the lowest of their scales.
// Of metrics that would have the same name and another type, the first one is there. Exponential
// histograms become classic ones, with at most four buckets from one power of two to the next.
//
// A scrape costs what there is to be told: about a microsecond a point, on the thread that asks.
#pragma once

#include <string>
#include <string_view>

#include <waybill/metrics/metric_data.h>

namespace waybill {

struct PrometheusOptions {
  bool scope_labels = true;
  bool target_info = true;
};

// Metrics with delta temporality are left out. Both throw only std::bad_alloc.
std::string prometheus_text(const MetricSnapshot& snapshot, const PrometheusOptions& options = {});
std::string openmetrics_text(const MetricSnapshot& snapshot, const PrometheusOptions& options = {});

struct PrometheusResponse {
  int status = 200;  // 500 without memory, or from the callback of an observable
  std::string content_type = {};
  std::string body = {};
};

// What all instruments stand at, in the format that the Accept header prefers: OpenMetrics where it
// is asked for as much as text, text where nothing is said. Thread-safe.
PrometheusResponse prometheus_exposition(std::string_view accept_header = {},
                                         const PrometheusOptions& options = {}) noexcept;

}  // namespace waybill
