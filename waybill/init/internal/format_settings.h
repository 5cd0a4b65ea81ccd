// The format of an output, from its settings.
#pragma once

#include <memory>
#include <string_view>

#include <waybill/init/init_options.h>
#include <waybill/init/internal/setting_value.h>
#include <waybill/init/internal/table_reader.h>

namespace waybill::internal {

inline constexpr SettingValue::Choice<LogFormatName> kLogFormats[] = {
    {"auto", LogFormatName::kAuto},     {"console", LogFormatName::kConsole},
    {"text", LogFormatName::kText},     {"json", LogFormatName::kJson},
    {"logfmt", LogFormatName::kLogfmt}, {"gcp", LogFormatName::kGoogleCloud},
    {"ecs", LogFormatName::kEcs},       {"datadog", LogFormatName::kDatadog},
    {"otel", LogFormatName::kOtel}};

inline constexpr SettingValue::Choice<TraceIdSpelling> kTraceIdSpellings[] = {
    {"hex", TraceIdSpelling::kHex}, {"uuid", TraceIdSpelling::kUuid}};

// All keys that some format has.
inline constexpr std::string_view kFormatKeys[] = {"pattern",         "colour",
                                                   "trace_id",        "null_ids",
                                                   "trace_flags",     "source_location",
                                                   "rename",          "labels",
                                                   "project",         "http_request",
                                                   "duration_field",  "label_fields",
                                                   "operation_field", "operation_producer",
                                                   "insert_id_field", "error_reporting"};

// Makes the format with the options that `table` has for it. `descriptor` is that of standard
// output or standard error, for colours and kAuto, or -1. Throws Error, with the place of the
// option.
std::shared_ptr<const LogFormat> read_format(LogFormatName name, int descriptor,
                                             TableReader& table);

}  // namespace waybill::internal
