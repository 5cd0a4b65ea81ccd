#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include <waybill/core/ascii.h>
#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/environment.h>
#include <waybill/init/internal/resource_attributes.h>

namespace waybill::internal {
namespace {

struct Variable {
  const char* name;
  std::string_view section;  // "traces.limits"; empty: the outermost
  std::string_view key;
};

// Of those with the same key, the last that is set counts.

constexpr std::array kVariables = {
    Variable{"OTEL_SDK_DISABLED", "", "disabled"},
    Variable{"OTEL_SERVICE_NAME", "", "service"},
    Variable{"OTEL_PROPAGATORS", "propagation", "formats"},
    Variable{"OTEL_LOGS_EXPORTER", "log", "exporters"},
    Variable{"WAYBILL_LOG_FORMAT", "log", "format"},
    Variable{"WAYBILL_LOG_SINK", "log", "sink"},
    Variable{"WAYBILL_LOG_FILE", "log", "file"},
    Variable{"WAYBILL_PIPELINE_SYNCHRONOUS", "pipeline", "synchronous"},
    Variable{"WAYBILL_PIPELINE_RING_BYTES", "pipeline", "ring_bytes"},
    Variable{"WAYBILL_PIPELINE_RING_BYTES_LIMIT", "pipeline", "ring_bytes_limit"},
    Variable{"WAYBILL_PIPELINE_WHEN_FULL", "pipeline", "when_full"},
    Variable{"WAYBILL_PIPELINE_LONGEST_WAIT", "pipeline", "longest_wait"},
    Variable{"WAYBILL_PIPELINE_SHORTEST_SLEEP", "pipeline", "shortest_sleep"},
    Variable{"WAYBILL_PIPELINE_LONGEST_SLEEP", "pipeline", "longest_sleep"},
    Variable{"WAYBILL_PIPELINE_EXIT_TIMEOUT", "pipeline", "exit_timeout"},
    Variable{"WAYBILL_PIPELINE_CLOCK", "pipeline", "clock"},
    Variable{"WAYBILL_PIPELINE_CRASH_HANDLER", "pipeline", "crash_handler"},
    Variable{"OTEL_TRACES_EXPORTER", "traces", "exporters"},
    Variable{"OTEL_EXPORTER_ZIPKIN_ENDPOINT", "traces", "zipkin_endpoint"},
    Variable{"OTEL_TRACES_SAMPLER", "traces", "sampler"},
    Variable{"OTEL_TRACES_SAMPLER_ARG", "traces", "sampler_argument"},
    Variable{"WAYBILL_TRACES_FILE", "traces", "file"},
    Variable{"WAYBILL_TRACES_KEEP_FAILED", "traces", "keep_failed"},
    Variable{"WAYBILL_TRACES_KEEP_SLOWER_THAN", "traces", "keep_slower_than"},
    Variable{"WAYBILL_TRACES_TAIL_MEMORY", "traces", "tail_memory"},
    Variable{"OTEL_ATTRIBUTE_COUNT_LIMIT", "traces.limits", "attributes"},
    Variable{"OTEL_ATTRIBUTE_COUNT_LIMIT", "traces.limits", "attributes_per_event"},
    Variable{"OTEL_ATTRIBUTE_COUNT_LIMIT", "traces.limits", "attributes_per_link"},
    Variable{"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "traces.limits", "attribute_value_length"},
    Variable{"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "traces.limits", "attributes"},
    Variable{"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "traces.limits", "attribute_value_length"},
    Variable{"OTEL_SPAN_EVENT_COUNT_LIMIT", "traces.limits", "events"},
    Variable{"OTEL_SPAN_LINK_COUNT_LIMIT", "traces.limits", "links"},
    Variable{"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "traces.limits", "attributes_per_event"},
    Variable{"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "traces.limits", "attributes_per_link"},
    Variable{"OTEL_METRICS_EXPORTER", "metrics", "exporters"},
    Variable{"OTEL_METRICS_EXEMPLAR_FILTER", "metrics", "exemplar_filter"},
    Variable{"WAYBILL_METRICS_FILE", "metrics", "file"},
    Variable{"WAYBILL_METRICS_PIPELINE", "metrics", "pipeline"},
    Variable{"WAYBILL_OTLP_SPOOL", "otlp", "spool"},
    Variable{"WAYBILL_OTLP_SPOOL_LIMIT", "otlp", "spool_limit"},
    Variable{"WAYBILL_OTLP_QUEUE_BYTES", "otlp", "queue_bytes"},
};

std::string place_of(const char* variable) {
  return std::string("environment variable ") + variable;
}

class Reader {
 public:
  explicit Reader(const Environment& environment) : environment_(environment) {}

  // Sets `target` to the variable, if it is set and not empty.
  template <class Target>
  void read(const char* variable, std::string option, Target&& target) const {
    if (const std::string text = text_of(variable); !text.empty()) {
      target = SettingValue(std::move(option), place_of(variable), SettingValue::Untyped{text});
    }
  }

  std::string text_of(const char* variable) const {
    const char* const text = environment_(variable);
    return text != nullptr ? text : "";
  }

 private:
  const Environment& environment_;
};

SettingValue& section_of(const Variable& variable, SettingValue& options) {
  SettingValue* section = &options;
  for (std::string_view path = variable.section; !path.empty();) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    section = &section->member(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return *section;
}

void read_variable(const Reader& reader, const Variable& variable, SettingValue& options) {
  if (reader.text_of(variable.name).empty()) return;
  SettingValue& target = section_of(variable, options).member(variable.key);
  reader.read(variable.name, target.option(), target);
}

// OpenTelemetry's times are milliseconds without a unit.
void read_milliseconds(const Reader& reader, const char* variable, std::string_view key,
                       SettingValue& options) {
  const std::string text = reader.text_of(variable);
  if (text.empty()) return;
  SettingValue& target = options.member("metrics").member(key);
  if (text.find_first_not_of("0123456789") != std::string::npos) {
    throw bad_setting(target.option(), place_of(variable), text, "a whole number of milliseconds");
  }
  target = SettingValue(target.option(), place_of(variable), SettingValue::Untyped{text + "ms"});
}

void read_resource(const Reader& reader, SettingValue& options) {
  constexpr const char* kVariable = "OTEL_RESOURCE_ATTRIBUTES";
  const std::string text = reader.text_of(kVariable);
  if (text.empty()) return;
  const ParsedResourceAttributes parsed = parse_resource_attributes(text);
  if (!parsed.expected.empty()) {
    throw bad_setting("resource", place_of(kVariable), parsed.bad_part, parsed.expected);
  }
  SettingValue& resource = options.member("resource");
  for (const auto& [key, value] : parsed.attributes) {
    SettingValue& target = resource.member(key);
    target = SettingValue(target.option(), place_of(kVariable), SettingValue::Untyped{value});
  }
}

// The level of what the library itself has to say. Its values are not specified; "none", "verbose"
// and "all" are those of OpenTelemetry's JavaScript SDK.
void read_own_level(const Reader& reader, SettingValue& options) {
  constexpr const char* kVariable = "OTEL_LOG_LEVEL";
  std::string text = ascii::lowercase(reader.text_of(kVariable));
  if (text.empty()) return;
  if (text == "none") text = "off";
  if (text == "verbose" || text == "all") text = "trace";
  SettingValue& target = options.member("log").member("levels").member("waybill");
  target = SettingValue(target.option(), place_of(kVariable), SettingValue::Untyped{text});
}

}  // namespace

EnvironmentSettings read_environment(const Environment& environment) {
  const Reader reader(environment);
  EnvironmentSettings settings{.options = {"", "environment", SettingValue::Table{}}};
  for (const Variable& variable : kVariables) read_variable(reader, variable, settings.options);
  read_milliseconds(reader, "OTEL_METRIC_EXPORT_INTERVAL", "interval", settings.options);
  read_milliseconds(reader, "OTEL_METRIC_EXPORT_TIMEOUT", "timeout", settings.options);
  read_resource(reader, settings.options);
  read_own_level(reader, settings.options);
  reader.read("WAYBILL_CONFIG", "file", settings.file);
  reader.read("WAYBILL_LOG", "log.levels", settings.levels);
  return settings;
}

Environment process_environment() {
  return [](const char* name) -> const char* { return std::getenv(name); };
}

}  // namespace waybill::internal
