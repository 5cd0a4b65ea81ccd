// span_metrics_exporter: rate, errors and durations, counted from spans.
//
//   waybill::configure_tracing({.service = "checkout",
//                               .exporters = {waybill::otlp_span_exporter(),
//                                             waybill::span_metrics_exporter()}});
//
//   traces.span.metrics.calls      counter     {call}
//   traces.span.metrics.errors     counter     {call}    those whose status is an error
//   traces.span.metrics.duration   histogram   s
//
// Each by span.name, span.kind and status.code (the errors without the last), spelled as
// OpenTelemetry's collector does ("SPAN_KIND_SERVER", "STATUS_CODE_ERROR"), and by the attributes
// that are asked for. Exemplars lead to the spans themselves.
//
// What is counted is what an exporter is given: spans of traces that are recorded and kept. To
// count every request while few traces are kept, count in the code that answers them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <waybill/metrics/meter.h>
#include <waybill/trace/span_exporter.h>

namespace waybill {

// Bounds for durations in seconds: 5 ms to 10 s, as OpenTelemetry's HTTP conventions have them.
std::vector<double> duration_bounds();

struct SpanMetricsOptions {
  // Of the span, else of its context: "http.request.method", "account_tier". Few values each.
  std::vector<std::string> attributes = {};
  std::vector<double> bounds = duration_bounds();
  bool exponential = false;  // an exponential histogram, without bounds
  std::size_t cardinality_limit = kCardinalityLimit;
  // What comes first in the instruments' names.
  std::string prefix = "traces.span.metrics";
};

// Throws Error for options that an instrument cannot have.
std::shared_ptr<SpanExporter> span_metrics_exporter(const SpanMetricsOptions& options = {});

}  // namespace waybill
