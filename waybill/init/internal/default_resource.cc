#include <cerrno>

#include <unistd.h>

#include <waybill/core/ids.h>
#include <waybill/init/internal/default_resource.h>

namespace waybill::internal {

std::string default_service_name() {
  const std::string program = program_invocation_short_name;
  return program.empty() ? "unknown_service" : "unknown_service:" + program;
}

ResourceAttributes default_resource() {
  ResourceAttributes attributes;
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) == 0 && host[0] != '\0') {
    attributes.emplace_back("host.name", host);
  }
  attributes.emplace_back("process.pid", std::to_string(::getpid()));
  attributes.emplace_back("telemetry.sdk.language", "cpp");
  attributes.emplace_back("telemetry.sdk.name", "waybill");
  attributes.emplace_back("telemetry.sdk.version", WAYBILL_VERSION);
  return attributes;
}

std::string new_service_instance_id() {
  std::string id = TraceId::random().to_uuid();
  id[14] = '4';
  const std::size_t variant = std::string_view("0123456789abcdef").find(id[19]);
  id[19] = "89ab"[variant & 3];
  return id;
}

}  // namespace waybill::internal
