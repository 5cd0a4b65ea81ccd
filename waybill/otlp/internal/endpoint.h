// Endpoint: where a collector listens, as it is written in options.
#pragma once

#include <string>
#include <string_view>

namespace waybill::internal {

struct Endpoint {
  std::string url;  // of HTTP: with a path; of gRPC: a name that gRPC resolves, as "host:port"
  bool use_tls = false;
  bool is_loopback = false;  // localhost, 127.0.0.0/8, ::1: never by way of a proxy
};

// An http:// or https:// URL, which is left as it is, but for the path "/" where it has none.
// Throws Error that names `option`. The URL may not carry a user and password, as it shows up in
// reports: those belong into the header "authorization".
Endpoint http_endpoint(std::string_view option, std::string_view text);

// Such a URL, or whatever gRPC takes ("host:4317", "dns:///host:4317", "unix:/run/otel.sock"); then
// with TLS unless `insecure`.
Endpoint grpc_endpoint(std::string_view option, std::string_view text, bool insecure);

}  // namespace waybill::internal
