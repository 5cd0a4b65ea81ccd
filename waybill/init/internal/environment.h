// The environment as a tree of settings, like that of a file.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <waybill/init/internal/setting_value.h>

namespace waybill::internal {

// The value of a variable; null where it is not set.
using Environment = std::function<const char*(const char* name)>;

struct EnvironmentSettings {
  SettingValue options;                               // as a file has them
  std::optional<SettingValue> file = std::nullopt;    // WAYBILL_CONFIG
  std::optional<SettingValue> levels = std::nullopt;  // WAYBILL_LOG
};

// A variable that is empty counts as not set (OpenTelemetry, "Environment Variable Specification",
// parsing empty value). Throws Error for OTEL_RESOURCE_ATTRIBUTES that cannot be read, and for what
// is no number of milliseconds; the other values are looked at by whoever reads the tree.
//
// The variables of OTLP exporters are not here: see otlp_settings.h.
EnvironmentSettings read_environment(const Environment& environment);

// That of this process.
Environment process_environment();

}  // namespace waybill::internal
