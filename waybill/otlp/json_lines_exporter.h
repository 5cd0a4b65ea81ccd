// Spans, log records and metrics as lines of JSON, each a whole request of OTLP: what the
// Collector's otlpjsonfile receiver reads.
//
//   waybill::configure_tracing({.exporters = {json_lines_span_exporter(stdout_sink())}});
//   waybill::configure_logging({.outputs = {{.records = json_lines_log_sink(file_sink(path))}}});
//
// Each needs a sink of its own; those of several may append to one file. What a sink does not take
// is offered again, at once, then after 100 ms and ever longer up to 5 s, as long as it is not more
// than a megabyte; beyond that the newest is lost, and counted (self_metrics().dropped.sink).
#pragma once

#include <memory>

#include <waybill/log/sink.h>
#include <waybill/metrics/metric_data.h>
#include <waybill/otlp/log_encoder.h>
#include <waybill/trace/span_exporter.h>

namespace waybill {

// A line is what one pass of the background thread has brought, or 512 records. Each throws Error
// without a sink.
std::shared_ptr<SpanExporter> json_lines_span_exporter(std::shared_ptr<LogSink> sink);
std::shared_ptr<LogRecordSink> json_lines_log_sink(std::shared_ptr<LogSink> sink,
                                                   const LogEncoderOptions& options = {});
// A line is a snapshot, or a megabyte of it.
std::shared_ptr<MetricExporter> json_lines_metric_exporter(std::shared_ptr<LogSink> sink);

}  // namespace waybill
