// Severity: how serious a record is, in six ranks that compare with < and >=.
//
// Loggers spell them in many ways; parse_severity() knows the usual ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace waybill::cli {

// kNone: the record says nothing about it. It ranks below all others.
enum class Severity : std::uint8_t { kNone, kTrace, kDebug, kInfo, kWarn, kError, kFatal };

// Any case of TRACE, DEBUG, INFO, WARN, ERROR, FATAL and their common other names (WARNING, ERR,
// CRITICAL, ...), or bunyan's number as text ("30"). Empty for anything else.
std::optional<Severity> parse_severity(std::string_view text) noexcept;

// Bunyan's and pino's numbers: 10 is TRACE, 60 FATAL; those between belong to the rank below them.
// Empty outside 10 to 69.
std::optional<Severity> severity_from_number(std::int64_t number) noexcept;

// "INFO"; empty for kNone. At most five characters.
std::string_view severity_name(Severity severity) noexcept;

}  // namespace waybill::cli
