#include <utility>

#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/exporters.h>
#include <waybill/otlp/exporters.h>
#include <waybill/otlp/json_lines_exporter.h>

namespace waybill::internal {
namespace {

template <class Make>
auto make_otlp(const OtlpSettings& settings, Make make) {
  try {
    return make(settings.options);
  } catch (const Error& error) {
    throw settings.placed(error);
  }
}

std::shared_ptr<LogSink> open_file(const ExportFile& file) {
  try {
    return file_sink(file.path);
  } catch (const Error& error) {
    throw bad_setting(file.option, file.place, error);
  }
}

// What a collector is told is none of Zipkin's business: headers may be secrets.
std::shared_ptr<SpanExporter> make_zipkin(const TracesSettings& traces) {
  OtlpOptions options;
  options.queue_bytes = traces.otlp.options.queue_bytes;
  options.spool = traces.otlp.options.spool;
  try {
    return zipkin_span_exporter(traces.zipkin_endpoint, std::move(options));
  } catch (const Error& error) {
    const InvalidOption* const bad = error.invalid_option();
    if (bad == nullptr || bad->option != "traces_endpoint") throw traces.otlp.placed(error);
    throw bad_setting("traces.zipkin_endpoint", traces.zipkin_place, bad->value, bad->expected);
  }
}

std::shared_ptr<SpanExporter> make_exporter(SpanExporterName name, const TracesSettings& traces) {
  switch (name) {
    case SpanExporterName::kOtlp:
      return make_otlp(traces.otlp, otlp_span_exporter);
    case SpanExporterName::kConsole:
      return json_lines_span_exporter(stdout_sink());
    case SpanExporterName::kZipkin:
      break;
  }
  return make_zipkin(traces);
}

}  // namespace

std::vector<std::shared_ptr<SpanExporter>> make_exporters(const TracesSettings& traces) {
  std::vector<std::shared_ptr<SpanExporter>> exporters = traces.own_exporters;
  for (const SpanExporterName name : traces.exporters) {
    exporters.push_back(make_exporter(name, traces));
  }
  if (traces.file) exporters.push_back(json_lines_span_exporter(open_file(*traces.file)));
  return exporters;
}

std::vector<std::shared_ptr<MetricExporter>> make_exporters(const MetricsSettings& metrics) {
  std::vector<std::shared_ptr<MetricExporter>> exporters = metrics.own_exporters;
  for (const MetricExporterName name : metrics.exporters) {
    if (name == MetricExporterName::kOtlp) {
      exporters.push_back(make_otlp(metrics.otlp, otlp_metric_exporter));
    } else if (name == MetricExporterName::kConsole) {
      exporters.push_back(json_lines_metric_exporter(stdout_sink()));
    }
  }
  if (metrics.file) exporters.push_back(json_lines_metric_exporter(open_file(*metrics.file)));
  return exporters;
}

std::vector<LogOutput> make_exporters(const LogSettings& log) {
  std::vector<LogOutput> outputs;
  for (const LogExporterName name : log.exporters) {
    outputs.push_back({.records = name == LogExporterName::kOtlp
                                      ? make_otlp(log.otlp, otlp_log_sink)
                                      : json_lines_log_sink(stdout_sink())});
  }
  return outputs;
}

}  // namespace waybill::internal
