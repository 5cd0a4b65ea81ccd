#include <string>
#include <utility>

#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/format_settings.h>

namespace waybill::internal {
namespace {

using Format = std::shared_ptr<const LogFormat>;

constexpr SettingValue::Choice<Colour> kColours[] = {
    {"auto", Colour::kAuto}, {"always", Colour::kAlways}, {"never", Colour::kNever}};

TraceIdSpelling spelling_of(const SettingValue& value) {
  return value.one_of(kTraceIdSpellings);
}

KeyNames renaming_of(const SettingValue& value) {
  KeyNames names;
  for (const auto& [key, name] : value.table()) names.emplace_back(key, name.possibly_empty());
  return names;
}

// Makes a format by itself for one option, so that what is wrong with that is known to be its.
template <class Make>
void check(TableReader& table, std::string_view key, Make make) {
  const SettingValue* value = table.find(key);
  if (value == nullptr) return;
  try {
    make();
  } catch (const Error& error) {
    throw bad_setting(value->option(), value->place(), error);
  }
}

template <class Options>
void read_renaming(TableReader& table, Options& options, Format (*make)(const Options&)) {
  table.read("rename", options.rename, renaming_of);
  check(table, "rename", [&] { make({.rename = options.rename}); });
}

template <class Options>
Format read_with_location(TableReader& table, Format (*make)(const Options&), Options options) {
  table.read("source_location", options.source_location, &SettingValue::boolean);
  read_renaming(table, options, make);
  return make(options);
}

Format read_text(TableReader& table, std::string_view default_pattern, Colour default_colour,
                 int descriptor) {
  std::string pattern(default_pattern);
  TextFormatOptions options{.colour = default_colour};
  table.read("pattern", pattern, &SettingValue::text);
  check(table, "pattern", [&] { text_format({.pattern = pattern}); });
  table.read("trace_id", options.trace_id, spelling_of);
  table.read("colour", options.colour,
             [](const SettingValue& value) { return value.one_of(kColours); });
  options.pattern = pattern;
  options.descriptor = descriptor;
  if (descriptor < 0 && options.colour == Colour::kAuto) options.colour = Colour::kNever;
  return text_format(options);
}

Format read_json(TableReader& table) {
  JsonFormatOptions options;
  table.read("trace_id", options.trace_id, spelling_of);
  table.read("null_ids", options.null_ids, &SettingValue::boolean);
  table.read("trace_flags", options.trace_flags, &SettingValue::boolean);
  return read_with_location(table, &json_format, options);
}

Format read_logfmt(TableReader& table) {
  LogfmtFormatOptions options;
  table.read("trace_id", options.trace_id, spelling_of);
  return read_with_location(table, &logfmt_format, options);
}

Format read_ecs(TableReader& table) {
  EcsFormatOptions options;
  table.read("labels", options.labels, &SettingValue::boolean);
  return read_with_location(table, &ecs_format, options);
}

Format read_google_cloud(TableReader& table) {
  GoogleCloudFormatOptions options;
  table.read("project", options.project, &SettingValue::text);
  check(table, "project", [&] { google_cloud_format({.project = options.project}); });
  table.read("http_request", options.http_request, &SettingValue::boolean);
  table.read("duration_field", options.duration_field, &SettingValue::text);
  table.read("label_fields", options.label_fields, &SettingValue::names);
  check(table, "label_fields",
        [&] { google_cloud_format({.label_fields = options.label_fields}); });
  table.read("operation_field", options.operation_field, &SettingValue::text);
  table.read("operation_producer", options.operation_producer, &SettingValue::text);
  table.read("insert_id_field", options.insert_id_field, &SettingValue::text);
  table.read("error_reporting", options.error_reporting, &SettingValue::boolean);
  return read_with_location(table, &google_cloud_format, options);
}

Format read_auto(TableReader& table, int descriptor) {
  Format console = read_text(table, kConsolePattern, Colour::kAuto, descriptor);
  Format json = read_json(table);
  return descriptor >= 0 && ::isatty(descriptor) == 1 ? console : json;
}

Format make_format(LogFormatName name, int descriptor, TableReader& table) {
  switch (name) {
    case LogFormatName::kAuto:
      return read_auto(table, descriptor);
    case LogFormatName::kConsole:
      return read_text(table, kConsolePattern, Colour::kAuto, descriptor);
    case LogFormatName::kText:
      return read_text(table, kDefaultTextPattern, Colour::kNever, descriptor);
    case LogFormatName::kJson:
      return read_json(table);
    case LogFormatName::kLogfmt:
      return read_logfmt(table);
    case LogFormatName::kGoogleCloud:
      return read_google_cloud(table);
    case LogFormatName::kEcs:
      return read_ecs(table);
    case LogFormatName::kDatadog:
      return read_with_location(table, &datadog_format, DatadogFormatOptions{});
    case LogFormatName::kOtel:
      return read_with_location(table, &otel_json_format, OtelJsonFormatOptions{});
  }
  throw Error::bad_option("log.format", std::to_string(static_cast<int>(name)),
                          "one of LogFormatName");
}

}  // namespace

std::shared_ptr<const LogFormat> read_format(LogFormatName name, int descriptor,
                                             TableReader& table) {
  return make_format(name, descriptor, table);
}

}  // namespace waybill::internal
