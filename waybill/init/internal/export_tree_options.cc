#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/export_names.h>
#include <waybill/init/internal/export_tree_options.h>
#include <waybill/init/internal/table_reader.h>

namespace waybill::internal {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// A value may be a secret: what is said about it does not repeat it.
std::vector<std::pair<std::string, std::string>> headers_of(const SettingValue& table) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& [name, value] : table.table()) {
    try {
      headers.emplace_back(name, value.possibly_empty());
    } catch (const Error&) {
      throw bad_setting(value.option(), value.place(), Error("the value of a header is a text"));
    }
  }
  return headers;
}

InitSpanLimits read_limits(const SettingValue* section) {
  InitSpanLimits limits;
  TableReader table(section);
  table.read("attributes", limits.attributes, &SettingValue::count);
  table.read("events", limits.events, &SettingValue::count);
  table.read("links", limits.links, &SettingValue::count);
  table.read("attributes_per_event", limits.attributes_per_event, &SettingValue::count);
  table.read("attributes_per_link", limits.attributes_per_link, &SettingValue::count);
  table.read("attribute_value_length", limits.attribute_value_length, &SettingValue::count);
  table.read("bytes", limits.bytes, &SettingValue::bytes);
  table.refuse_others();
  return limits;
}

}  // namespace

InitTracesOptions read_traces(const SettingValue* section) {
  InitTracesOptions traces;
  TableReader table(section);
  table.read("exporters", traces.exporters, [](const SettingValue& value) {
    return exporters_of<SpanExporterName>(value, kSpanExporters);
  });
  table.read("file", traces.file, &SettingValue::text);
  table.read("zipkin_endpoint", traces.zipkin_endpoint, &SettingValue::text);
  table.read("sampler", traces.sampler, &SettingValue::text);
  table.read("sampler_argument", traces.sampler_argument, &SettingValue::scalar);
  table.read("keep_failed", traces.keep_failed, &SettingValue::boolean);
  table.read("keep_slower_than", traces.keep_slower_than, &SettingValue::duration<microseconds>);
  table.read("tail_memory", traces.tail_memory, &SettingValue::bytes);
  traces.limits = read_limits(table.find("limits"));
  table.refuse_others();
  return traces;
}

InitMetricsOptions read_metrics(const SettingValue* section) {
  InitMetricsOptions metrics;
  TableReader table(section);
  table.read("exporters", metrics.exporters, [](const SettingValue& value) {
    return exporters_of<MetricExporterName>(value, kMetricExporters);
  });
  table.read("file", metrics.file, &SettingValue::text);
  table.read("interval", metrics.interval, &SettingValue::duration<milliseconds>);
  table.read("timeout", metrics.timeout, &SettingValue::duration<milliseconds>);
  table.read("exemplar_filter", metrics.exemplar_filter,
             [](const SettingValue& value) { return value.one_of(kExemplarFilters); });
  table.read("pipeline", metrics.pipeline, &SettingValue::boolean);
  table.refuse_others();
  return metrics;
}

InitOtlpOptions read_otlp(const SettingValue* section) {
  InitOtlpOptions otlp;
  TableReader table(section);
  table.read("endpoint", otlp.endpoint, &SettingValue::text);
  table.read("traces_endpoint", otlp.traces_endpoint, &SettingValue::text);
  table.read("metrics_endpoint", otlp.metrics_endpoint, &SettingValue::text);
  table.read("logs_endpoint", otlp.logs_endpoint, &SettingValue::text);
  table.read("protocol", otlp.protocol,
             [](const SettingValue& value) { return value.one_of(kOtlpProtocols); });
  table.read("headers", otlp.headers, headers_of);
  table.read("compression", otlp.compression,
             [](const SettingValue& value) { return value.one_of(kOtlpCompressions); });
  table.read("timeout", otlp.timeout, &SettingValue::duration<milliseconds>);
  table.read("ca_file", otlp.ca_file, &SettingValue::text);
  table.read("client_certificate_file", otlp.client_certificate_file, &SettingValue::text);
  table.read("client_key_file", otlp.client_key_file, &SettingValue::text);
  table.read("insecure", otlp.insecure, &SettingValue::boolean);
  table.read("temporality", otlp.temporality,
             [](const SettingValue& value) { return value.one_of(kOtlpTemporalities); });
  table.read("histogram_aggregation", otlp.histogram_aggregation,
             [](const SettingValue& value) { return value.one_of(kOtlpHistogramAggregations); });
  table.read("spool", otlp.spool, &SettingValue::text);
  table.read("spool_limit", otlp.spool_limit, &SettingValue::bytes);
  table.read("queue_bytes", otlp.queue_bytes, &SettingValue::bytes);
  table.refuse_others();
  return otlp;
}

}  // namespace waybill::internal
