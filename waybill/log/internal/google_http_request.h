// httpRequest of Google Cloud Logging (LogEntry, HttpRequest), out of the fields by which
// OpenTelemetry's semantic conventions describe a request.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <waybill/log/internal/json_writer.h>

namespace waybill::internal {

// Those of one record.
class GoogleHttpRequest {
 public:
  enum Role : std::size_t {
    kMethod,
    kStatus,
    kUrl,
    kPath,
    kQuery,
    kRequestSize,
    kRequestBodySize,
    kResponseSize,
    kResponseBodySize,
    kUserAgent,
    kClientAddress,
    kPeerAddress,
    kLocalAddress,
    kReferer,
    kProtocolVersion,
    kDuration,  // the field that the format's options name
    kRoles
  };
  static constexpr std::array<std::string_view, kDuration> kFieldKeys = {
      "http.request.method",
      "http.response.status_code",
      "url.full",
      "url.path",
      "url.query",
      "http.request.size",
      "http.request.body.size",
      "http.response.size",
      "http.response.body.size",
      "user_agent.original",
      "client.address",
      "network.peer.address",
      "network.local.address",
      "http.request.header.referer",
      "network.protocol.version"};

  void set(std::size_t role, const Field& field) noexcept { fields_[role] = &field; }

  // Writes the object under `key` if there is a method or a status, and forgets the fields that
  // have a place in it.
  void write(JsonWriter& line, const JsonKey& key);

  // Calls visit(const Field&) for the fields that have found no place.
  template <class Visit>
  void for_each_left(Visit&& visit) const {
    for (const Field* field : fields_) {
      if (field != nullptr) visit(*field);
    }
  }

 private:
  bool is_text(Role role) const noexcept;
  void write_text(JsonWriter& line, std::string_view key, Role role);
  void write_text(JsonWriter& line, std::string_view key, Role role, Role otherwise);
  void write_size(JsonWriter& line, std::string_view key, Role role, Role otherwise);
  void write_url(JsonWriter& line);
  void write_status(JsonWriter& line);
  void write_latency(JsonWriter& line);
  void write_protocol(JsonWriter& line);

  std::array<const Field*, kRoles> fields_ = {};
};

}  // namespace waybill::internal
