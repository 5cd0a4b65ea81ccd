// Severities of RFC 5424 section 6.2.1, table 2; journald's PRIORITY has the same numbers.
#pragma once

#include <waybill/log/level.h>

namespace waybill::internal {

// Fatal is "critical": "emergency" would be shown on every terminal of the machine.
constexpr int syslog_severity(Level level) noexcept {
  switch (level) {
    case Level::kTrace:
    case Level::kDebug:
      return 7;
    case Level::kInfo:
      return 6;
    case Level::kWarn:
      return 4;
    case Level::kError:
      return 3;
    case Level::kFatal:
    case Level::kOff:
      break;
  }
  return 2;
}

}  // namespace waybill::internal
