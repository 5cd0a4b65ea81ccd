// Severity numbers: OpenTelemetry's common measure (Logs Data Model, "Field: SeverityNumber"), to
// which and from which the severities of other systems are translated. 1 is the least severe, 24
// the most, four numbers to a name; 0 is "unspecified".
//
//   severity_number_from_text("Critical", SeverityDialect::kSyslog)    // 18
//   google_severity(17).name                                           // "ERROR"
#pragma once

#include <optional>
#include <string_view>

#include <waybill/log/level.h>

namespace waybill {

// "TRACE", "TRACE2" to "TRACE4", "DEBUG", … "FATAL4" ("Displaying Severity"). Empty for other
// numbers.
std::string_view severity_short_name(int severity_number) noexcept;

// Who has written a severity: the same word does not mean the same everywhere.
enum class SeverityDialect {
  kSyslog,           // RFC 5424: "Notice", "Critical"
  kLog4j,            // and Waybill's own levels
  kZap,              // "Dpanic"
  kJavaUtilLogging,  // "FINEST", "SEVERE"
  kDotnet,           // "Information"
  kWindowsEventLog,  // "Verbose"
  kEtw,              // Event Tracing for Windows
  // Cloud Logging, and what its agents understand: names of several systems, single letters, and
  // LogEntry's numbers, of which each hundred counts.
  kGoogleCloud,
};

// Case and blanks around do not matter, nor does a number in parentheses behind a name, as in
// "Notice (5)". Empty for a name that the dialect does not have.
std::optional<int> severity_number_from_text(std::string_view text,
                                             SeverityDialect dialect) noexcept;

// LogSeverity of Google Cloud Logging.
struct GoogleSeverity {
  std::string_view name;  // "DEFAULT", "DEBUG", "INFO", … "EMERGENCY"
  int number;             // 0, 100, 200, … 800
};

// As the OpenTelemetry Collector's exporter translates. "DEFAULT" for numbers that there are not.
GoogleSeverity google_severity(int severity_number) noexcept;

}  // namespace waybill
