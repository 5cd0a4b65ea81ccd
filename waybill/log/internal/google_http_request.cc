#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <waybill/log/internal/google_http_request.h>

namespace waybill::internal {
namespace {

// A count or a status code; empty for anything else.
std::optional<std::int64_t> count_of(const Field* field) noexcept {
  if (field == nullptr) return std::nullopt;
  const FieldValue& value = field->value;
  if (value.type() == FieldValue::Type::kInt64 && value.as_int64() >= 0) return value.as_int64();
  if (value.type() == FieldValue::Type::kUint64 && value.as_uint64() <= INT64_MAX) {
    return static_cast<std::int64_t>(value.as_uint64());
  }
  return std::nullopt;
}

// A time of seconds as google.protobuf.Duration spells it; empty for what is none. Its 10000 years
// are more than enough.
std::string duration_of(const Field* field) {
  if (field == nullptr) return {};
  double seconds = -1;
  if (field->value.type() == FieldValue::Type::kDouble) {
    seconds = field->value.as_double();
  } else if (const auto whole = count_of(field)) {
    seconds = static_cast<double>(*whole);
  }
  constexpr double kLongest = 1e9;
  constexpr std::uint64_t kNanoseconds = 1'000'000'000;
  if (!(seconds >= 0 && seconds <= kLongest)) return {};
  const auto nanoseconds = static_cast<std::uint64_t>(std::llround(seconds * 1e9));
  std::string text = std::to_string(nanoseconds / kNanoseconds);
  if (const std::uint64_t rest = nanoseconds % kNanoseconds; rest != 0) {
    text += std::to_string(kNanoseconds + rest);  // the first digit gives way to the point
    text[text.size() - 10] = '.';
    while (text.back() == '0') text.pop_back();
  }
  return text += 's';
}

}  // namespace

void GoogleHttpRequest::write(JsonWriter& line, const JsonKey& key) {
  if (!key || (!is_text(kMethod) && !count_of(fields_[kStatus]))) return;
  line.key(key).open('{');
  write_text(line, "requestMethod", kMethod);
  write_url(line);
  write_size(line, "requestSize", kRequestSize, kRequestBodySize);
  write_status(line);
  write_size(line, "responseSize", kResponseSize, kResponseBodySize);
  write_text(line, "userAgent", kUserAgent);
  write_text(line, "remoteIp", kClientAddress, kPeerAddress);
  write_text(line, "serverIp", kLocalAddress);
  write_text(line, "referer", kReferer);
  write_latency(line);
  write_protocol(line);
  line.close('}');
}

bool GoogleHttpRequest::is_text(Role role) const noexcept {
  return fields_[role] != nullptr && fields_[role]->value.type() == FieldValue::Type::kString;
}

void GoogleHttpRequest::write_text(JsonWriter& line, std::string_view key, Role role) {
  if (!is_text(role)) return;
  line.key(key).string(std::exchange(fields_[role], nullptr)->value.as_string());
}

void GoogleHttpRequest::write_text(JsonWriter& line, std::string_view key, Role role,
                                   Role otherwise) {
  write_text(line, key, is_text(role) ? role : otherwise);
}

void GoogleHttpRequest::write_size(JsonWriter& line, std::string_view key, Role role,
                                   Role otherwise) {
  const Role found = count_of(fields_[role]) ? role : otherwise;
  const auto size = count_of(fields_[found]);
  if (!size) return;
  line.key(key).value_as_string(*size);
  fields_[found] = nullptr;
}

void GoogleHttpRequest::write_url(JsonWriter& line) {
  if (is_text(kUrl) || !is_text(kPath) || !is_text(kQuery)) {
    return write_text(line, "requestUrl", kUrl, kPath);
  }
  const std::string_view path = std::exchange(fields_[kPath], nullptr)->value.as_string();
  const std::string_view query = std::exchange(fields_[kQuery], nullptr)->value.as_string();
  line.key("requestUrl").string(std::string(path).append("?").append(query));
}

void GoogleHttpRequest::write_status(JsonWriter& line) {
  const auto status = count_of(fields_[kStatus]);
  if (!status || *status > 999) return;
  line.key("status").value(*status);
  fields_[kStatus] = nullptr;
}

void GoogleHttpRequest::write_latency(JsonWriter& line) {
  const std::string latency = duration_of(fields_[kDuration]);
  if (latency.empty()) return;
  line.key("latency").string(latency);
  fields_[kDuration] = nullptr;
}

void GoogleHttpRequest::write_protocol(JsonWriter& line) {
  if (!is_text(kProtocolVersion)) return;
  const Field* version = std::exchange(fields_[kProtocolVersion], nullptr);
  line.key("protocol").string(std::string("HTTP/").append(version->value.as_string()));
}

}  // namespace waybill::internal
