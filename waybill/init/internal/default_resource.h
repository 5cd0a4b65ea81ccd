// What a process knows about itself: the attributes of the resource that nobody has set.
#pragma once

#include <string>

#include <waybill/init/internal/resource_attributes.h>

namespace waybill::internal {

// "unknown_service:" and the program's name (OpenTelemetry's semantic conventions, service.name).
std::string default_service_name();

// host.name, process.pid, telemetry.sdk.name, telemetry.sdk.language, telemetry.sdk.version.
ResourceAttributes default_resource();

// A random UUID, version 4 (RFC 9562 section 5.4).
std::string new_service_instance_id();

}  // namespace waybill::internal
