// Resource: who produces the telemetry of this process. The same for all of its records.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace waybill {

struct Resource {
  // OpenTelemetry's service.name; empty: not known.
  std::string service_name = {};
  // Further attributes, under the names of OpenTelemetry's semantic conventions:
  // {"service.version", "1.4.0"}, {"deployment.environment.name", "production"}.
  std::vector<std::pair<std::string, std::string>> attributes = {};
};

}  // namespace waybill
