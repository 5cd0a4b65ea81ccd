#include <nlohmann/json.hpp>

#include <waybill/core/error.h>
#include <waybill/core/ids.h>
#include <waybill/core/trace_text.h>
#include <waybill/outbox/internal/row.h>
#include <waybill/propagation/propagation.h>
#include <waybill/queue/internal/bounded.h>
#include <waybill/queue/queue.h>

namespace waybill::outbox::internal {
namespace {

using nlohmann::json;

queue::Headers read_headers(std::string_view text) {
  const json list = json::parse(text, nullptr, false);
  if (!list.is_array()) throw Error("column 'headers' is not a JSON array");
  queue::Headers headers;
  for (const json& header : list) {
    if (!header.is_array() || header.size() != 2 || !header[0].is_string() ||
        !header[1].is_string()) {
      throw Error("column 'headers' is not an array of [name, value]");
    }
    headers.emplace_back(header[0].get<std::string>(), header[1].get<std::string>());
  }
  return headers;
}

}  // namespace

NewRow row_of(const queue::Message& message) {
  if (message.deduplication_key.size() > queue::internal::kLongestDeduplicationKey) {
    throw Error::bad_option("deduplication_key", message.deduplication_key, "at most 256 bytes");
  }
  queue::Headers headers = message.headers;
  queue::add_context(headers);
  NewRow row{.trace = trace_text(extract(HeaderListCarrier(headers), {.trusted = true})),
             .key = message.deduplication_key,
             .headers = {}};
  if (row.key.empty()) row.key = TraceId::random().to_hex();
  json list = json::array();
  for (const auto& [name, value] : headers) list.push_back({name, value});
  try {
    row.headers = list.dump();
  } catch (const json::exception&) {
    throw Error("a message for the outbox has headers that are not UTF-8");
  }
  return row;
}

queue::Message message_of(std::string_view body, std::string_view headers, std::string_view key,
                          std::int64_t priority, std::chrono::milliseconds delay) {
  if (key.size() > queue::internal::kLongestDeduplicationKey) {
    throw Error("column 'key' has more than 256 bytes");
  }
  if (priority < 0 || priority > static_cast<std::int64_t>(queue::Priority::kHigh)) {
    throw Error("column 'priority' is not 0, 1 or 2");
  }
  return {.body = std::string(body),
          .headers = read_headers(headers),
          .delay = queue::internal::bounded(delay),
          .priority = static_cast<queue::Priority>(priority),
          .deduplication_key = std::string(key)};
}

}  // namespace waybill::outbox::internal
