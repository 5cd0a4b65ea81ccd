#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/export_names.h>
#include <waybill/init/internal/export_tree_options.h>
#include <waybill/init/internal/format_settings.h>
#include <waybill/init/internal/output_settings.h>
#include <waybill/init/internal/resource_attributes.h>
#include <waybill/init/internal/table_reader.h>
#include <waybill/init/internal/tree_options.h>

namespace waybill::internal {
namespace {

constexpr SettingValue::Choice<WhenFull> kWhenFull[] = {{"drop", WhenFull::kDrop},
                                                        {"wait", WhenFull::kWait}};

constexpr SettingValue::Choice<ClockSource> kClocks[] = {{"auto", ClockSource::kAutomatic},
                                                         {"tsc", ClockSource::kTimeStampCounter},
                                                         {"system", ClockSource::kSystem}};

FormatList formats_of(const SettingValue& value) {
  FormatList formats = FormatList::none();
  for (const std::string& name : value.names()) {
    if (name == "none") continue;
    const auto format = format_from_name(name);
    if (!format) {
      throw bad_setting(value.option(), value.place(), name,
                        "tracecontext, baggage, x-trace-id, b3, b3multi, jaeger, xray, gcp, "
                        "datadog or none");
    }
    formats.add(*format);
  }
  return formats;
}

// {service = {version = "1"}} is service.version, as {"service.version" = "1"} is.
void add_attributes(const SettingValue& table, const std::string& prefix,
                    ResourceAttributes& attributes) {
  for (const auto& [key, value] : table.table()) {
    if (key.empty()) value.fail("an attribute with a name");
    if (value.is_table()) {
      add_attributes(value, prefix + key + ".", attributes);
    } else {
      set_attribute(attributes, prefix + key, value.scalar());
    }
  }
}

InitLogOptions read_log(const SettingValue* section) {
  InitLogOptions log;
  TableReader table(section);
  table.read("level", log.level, &SettingValue::level);
  table.read("format", log.format,
             [](const SettingValue& value) { return value.one_of(kLogFormats); });
  table.read("sink", log.sink, [](const SettingValue& value) { return value.one_of(kLogSinks); });
  table.read("file", log.file, &SettingValue::text);
  table.read("exporters", log.exporters, [](const SettingValue& value) {
    return exporters_of<LogExporterName>(value, kLogExporters);
  });
  table.find("levels");
  table.find("output");
  table.refuse_others();
  return log;
}

InitPropagationOptions read_propagation(const SettingValue* section) {
  InitPropagationOptions propagation;
  TableReader table(section);
  table.read("formats", propagation.formats, formats_of);
  table.read("extract_formats", propagation.extract_formats, formats_of);
  table.read("trace_id_headers", propagation.trace_id_headers, &SettingValue::names);
  table.read("spelling", propagation.spelling,
             [](const SettingValue& value) { return value.one_of(kTraceIdSpellings); });
  table.read("travelling_fields", propagation.travelling_fields, &SettingValue::names);
  table.refuse_others();
  return propagation;
}

InitPipelineOptions read_pipeline(const SettingValue* section) {
  using std::chrono::microseconds;
  using std::chrono::milliseconds;
  InitPipelineOptions pipeline;
  TableReader table(section);
  table.read("synchronous", pipeline.synchronous, &SettingValue::boolean);
  table.read("ring_bytes", pipeline.ring_bytes, &SettingValue::bytes);
  table.read("ring_bytes_limit", pipeline.ring_bytes_limit, &SettingValue::bytes);
  table.read("when_full", pipeline.when_full,
             [](const SettingValue& value) { return value.one_of(kWhenFull); });
  table.read("longest_wait", pipeline.longest_wait, &SettingValue::duration<milliseconds>);
  table.read("shortest_sleep", pipeline.shortest_sleep, &SettingValue::duration<microseconds>);
  table.read("longest_sleep", pipeline.longest_sleep, &SettingValue::duration<microseconds>);
  table.read("exit_timeout", pipeline.exit_timeout, &SettingValue::duration<milliseconds>);
  table.read("clock", pipeline.clock,
             [](const SettingValue& value) { return value.one_of(kClocks); });
  table.read("crash_handler", pipeline.crash_handler, &SettingValue::boolean);
  table.refuse_others();
  return pipeline;
}

}  // namespace

InitOptions read_options(const SettingValue& tree) {
  InitOptions options;
  TableReader table(&tree);
  table.read("disabled", options.disabled, &SettingValue::boolean);
  table.read("service", options.service, &SettingValue::text);
  table.read("service_instance_id", options.service_instance_id, &SettingValue::boolean);
  if (const SettingValue* resource = table.find("resource")) {
    add_attributes(*resource, "", options.resource);
  }
  options.log = read_log(table.find("log"));
  options.propagation = read_propagation(table.find("propagation"));
  options.pipeline = read_pipeline(table.find("pipeline"));
  options.traces = read_traces(table.find("traces"));
  options.metrics = read_metrics(table.find("metrics"));
  options.otlp = read_otlp(table.find("otlp"));
  table.refuse_others();
  return options;
}

}  // namespace waybill::internal
