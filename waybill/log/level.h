// Severity levels, from the least to the most severe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace waybill {

enum class Level : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kFatal, kOff };

// "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF".
std::string_view level_name(Level level) noexcept;

// The same in lowercase.
std::string_view lowercase_level_name(Level level) noexcept;

// From a name in any case; "warning" and "critical" are understood too. Empty for anything else.
std::optional<Level> level_from_name(std::string_view name) noexcept;

// OpenTelemetry's SeverityNumber (Logs Data Model): trace 1, debug 5, info 9, warn 13, error 17,
// fatal 21. 0, which is "unspecified", for kOff. More about these numbers in severity.h.
int severity_number(Level level) noexcept;

}  // namespace waybill
