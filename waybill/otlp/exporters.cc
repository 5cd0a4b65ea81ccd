#include <utility>

#include <waybill/core/error.h>
#include <waybill/otlp/exporters.h>
#include <waybill/otlp/internal/log_export.h>
#include <waybill/otlp/internal/metric_export.h>
#include <waybill/otlp/internal/span_export.h>
#include <waybill/otlp/log_encoder.h>
#include <waybill/otlp/otlp_json.h>
#include <waybill/otlp/span_encoder.h>
#include <waybill/otlp/zipkin.h>

namespace waybill {

using internal::Encoding;
using internal::SignalOptions;

std::shared_ptr<SpanExporter> otlp_span_exporter(OtlpOptions options) {
  const SignalOptions checked = internal::finalize(std::move(options), OtlpSignal::kTraces);
  if (checked.protocol == OtlpProtocol::kHttpJson) {
    using Encoder = OtlpJsonEncoder<SpanEncoder, OtlpSignal::kTraces>;
    return std::make_shared<internal::SpanExport<Encoder>>(checked, Encoding::kJson);
  }
  return std::make_shared<internal::SpanExport<SpanEncoder>>(checked, Encoding::kProtobuf);
}

std::shared_ptr<LogRecordSink> otlp_log_sink(OtlpOptions options) {
  const SignalOptions checked = internal::finalize(std::move(options), OtlpSignal::kLogs);
  const bool is_json = checked.protocol == OtlpProtocol::kHttpJson;
  return std::make_shared<internal::LogExport<LogEncoder>>(
      checked, is_json ? Encoding::kJson : Encoding::kProtobuf);
}

std::shared_ptr<MetricExporter> otlp_metric_exporter(OtlpOptions options) {
  return std::make_shared<internal::MetricExport>(
      internal::finalize(std::move(options), OtlpSignal::kMetrics));
}

std::shared_ptr<SpanExporter> zipkin_span_exporter(std::string url, OtlpOptions options) {
  options.environment = false;
  options.protocol = OtlpProtocol::kHttpJson;
  options.traces_endpoint = std::move(url);
  SignalOptions checked = internal::finalize(std::move(options), OtlpSignal::kTraces);
  // A spool of OTLP's would send these to a collector, and the other way round.
  if (!checked.spool.folder.empty()) checked.spool.folder += "/zipkin";
  return std::make_shared<internal::SpanExport<ZipkinEncoder>>(checked, Encoding::kJson);
}

}  // namespace waybill
