#include <cstdint>
#include <variant>

#include <arpa/inet.h>

#include <waybill/core/json_escape.h>
#include <waybill/otlp/internal/zipkin_endpoint.h>

namespace waybill::internal {
namespace {

// By rank ("OpenTelemetry to Zipkin Transformation", "Remote endpoint").
struct Source {
  std::string_view attribute;
  std::string_view port = {};  // what goes with an address
};
constexpr Source kSources[] = {
    {"peer.service"},
    {"server.address"},
    {"net.peer.name"},
    {"network.peer.address", "network.peer.port"},
    {"server.socket.domain"},
    {"server.socket.address", "server.socket.port"},
    {"net.sock.peer.name"},
    {"net.sock.peer.addr", "net.sock.peer.port"},
    {"peer.hostname"},
    {"peer.address"},
    {"db.name"},
};

std::string_view text_of(const SpanData& span, std::string_view key) noexcept {
  const OwnedAttributeValue* value = span.find(key);
  const auto* text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

// 0: there is none.
std::int64_t port_of(const SpanData& span, std::string_view key) noexcept {
  const OwnedAttributeValue* value = key.empty() ? nullptr : span.find(key);
  const auto* port = value != nullptr ? std::get_if<std::int64_t>(value) : nullptr;
  return port != nullptr && *port > 0 && *port <= 65'535 ? *port : 0;
}

std::string_view key_of(const Source& source, const std::string& address) noexcept {
  unsigned char bytes[sizeof(in6_addr)];
  if (source.port.empty()) return "serviceName";
  if (inet_pton(AF_INET, address.c_str(), bytes) == 1) return "ipv4";
  return inet_pton(AF_INET6, address.c_str(), bytes) == 1 ? "ipv6" : "serviceName";
}

}  // namespace

std::string zipkin_remote_endpoint(const SpanData& span) {
  for (const Source& source : kSources) {
    const std::string address(text_of(span, source.attribute));
    if (address.empty()) continue;
    std::string endpoint = "{\"";
    endpoint.append(key_of(source, address)).append("\":");
    append_json_string(endpoint, address);
    if (const std::int64_t port = port_of(span, source.port)) {
      endpoint.append(",\"port\":").append(std::to_string(port));
    }
    return endpoint.append("}");
  }
  return {};
}

}  // namespace waybill::internal
