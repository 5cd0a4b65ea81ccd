#include <algorithm>

#include <waybill/core/error.h>
#include <waybill/queue/internal/queue_url.h>
#include <waybill/queue/internal/server_url.h>

namespace waybill::queue::internal {

namespace {

constexpr std::string_view kMemory = "memory:";
constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kQueueParameter = "?queue=";
constexpr std::size_t kLongestName = 128;

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string checked_name(std::string_view url, std::string_view name) {
  if (is_queue_name(name)) return std::string(name);
  throw Error::bad_option("queue url", url,
                          "a queue name of 1 to 128 bytes without control characters");
}

struct ServerKind {
  std::string_view scheme;
  std::string_view room;
  std::string_view enable;
};
constexpr ServerKind kServerKinds[] = {
    {"redis", "queue_redis", "enable_redis()"},
    {"nats", "queue_nats", "enable_nats()"},
    {"kafka", "queue_kafka", "enable_kafka()"},
};

}  // namespace

bool is_queue_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kLongestName && std::ranges::none_of(text, is_control);
}

QueueUrl parse_url(std::string_view url) {
  if (url.starts_with(kMemory)) {
    return {QueueUrl::Kind::kMemory, checked_name(url, url.substr(kMemory.size())), {}};
  }
  if (url.starts_with(kSqlite)) {
    const std::string_view rest = url.substr(kSqlite.size());
    const std::size_t end = rest.rfind('?');
    if (end != std::string_view::npos && end > 0 && rest.substr(end).starts_with(kQueueParameter)) {
      const std::string_view path = rest.substr(0, end);
      const std::string_view name = rest.substr(end + kQueueParameter.size());
      if (path.find('\0') == std::string_view::npos) {
        return {QueueUrl::Kind::kSqlite, checked_name(url, name), std::string(path)};
      }
    }
  }
  for (const auto& [scheme, room, enable] : kServerKinds) {
    if (!url.starts_with(scheme) || !url.substr(scheme.size()).starts_with(':')) continue;
    throw Error::bad_option("queue url", without_password(url),
                            "a program that links waybill::" + std::string(room) +
                                " and has called " + std::string(enable));
  }
  throw Error::bad_option("queue url", without_password(url),
                          "memory:NAME, sqlite:PATH?queue=NAME, redis://HOST?queue=NAME, "
                          "nats://HOST?queue=NAME or kafka://HOST?queue=NAME");
}

}  // namespace waybill::queue::internal
