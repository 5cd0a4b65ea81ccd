// Exporters: spans, log records and metrics to a collector, over OTLP, and spans to Zipkin.
//
//   configure_tracing({.service = "weather", .exporters = {otlp_span_exporter()}});
//   configure_logging({.service = "weather", .outputs = {{.records = otlp_log_sink()}}});
//   configure_metrics({.service = "weather", .exporters = {otlp_metric_exporter()}});
//
// Each has a thread of its own, which begins with the first request, and one connection. Functions
// throw Error for options that cannot be met; a collector that cannot be reached is none of them.
// What happens then is counted: see otlp_metrics.h.
#pragma once

#include <memory>
#include <string>

#include <waybill/log/sink.h>
#include <waybill/metrics/metric_data.h>
#include <waybill/otlp/otlp_metrics.h>
#include <waybill/otlp/otlp_options.h>
#include <waybill/trace/span_exporter.h>

namespace waybill {

std::shared_ptr<SpanExporter> otlp_span_exporter(OtlpOptions options = {});
std::shared_ptr<LogRecordSink> otlp_log_sink(OtlpOptions options = {});
std::shared_ptr<MetricExporter> otlp_metric_exporter(OtlpOptions options = {});

// To Zipkin's API, version 2 of JSON. `url` is the whole one: http://localhost:9411/api/v2/spans.
// Of `options`, the endpoints, protocol and what is for metrics do not count, nor does the
// environment.
std::shared_ptr<SpanExporter> zipkin_span_exporter(std::string url, OtlpOptions options = {});

}  // namespace waybill
