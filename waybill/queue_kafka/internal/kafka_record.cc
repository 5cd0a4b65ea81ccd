#include <charconv>
#include <string_view>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/queue_kafka/internal/kafka_record.h>

namespace waybill::queue::internal {

namespace {

constexpr std::string_view kOurs = "waybill";
constexpr std::string_view kReason = "waybill-reason";
// Of records of other programs.
constexpr std::string_view kKey = "kafka-key";

std::string milliseconds(Time time) {
  return std::to_string(time.time_since_epoch().count());
}

// "1 ENQUEUED ATTEMPTS DUE PRIORITY IN_FLIGHT DEAD_AT ID"; times in ms since 1970.
std::string ours(const KafkaMessage& message) {
  return "1 " + milliseconds(message.enqueued_at) + ' ' + std::to_string(message.attempts) + ' ' +
         milliseconds(message.due) + ' ' +
         std::to_string(static_cast<int>(message.message.priority)) + ' ' +
         (message.in_flight ? '1' : '0') + ' ' + milliseconds(message.dead_at) + ' ' + message.id;
}

bool read_ours(std::string_view text, KafkaMessage& message) {
  std::int64_t numbers[7] = {};
  for (std::int64_t& number : numbers) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto size = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || size == text.size() || *end != ' ' || number < 0) return false;
    text.remove_prefix(size + 1);
  }
  const auto [version, enqueued, attempts, due, priority, in_flight, dead] = numbers;
  if (version != 1 || priority > static_cast<int>(Priority::kHigh) || attempts > UINT32_MAX) {
    return false;
  }
  message.enqueued_at = Time(std::chrono::milliseconds(enqueued));
  message.attempts = static_cast<std::uint32_t>(attempts);
  message.due = Time(std::chrono::milliseconds(due));
  message.message.priority = static_cast<Priority>(priority);
  message.in_flight = in_flight != 0;
  message.dead_at = Time(std::chrono::milliseconds(dead));
  message.id = text;
  return true;
}

std::string text_of(const void* bytes, std::size_t size) {
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

void read_headers(const rd_kafka_message_t& record, KafkaMessage& message, bool& is_ours) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&record, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    const std::string text = text_of(value, size);
    if (!is_ours && name == kOurs && read_ours(text, message)) {
      is_ours = true;
    } else if (is_ours && message.dead_at != Time{} && name == kReason) {
      message.reason = text;
    } else {
      message.message.headers.emplace_back(name, text);
    }
  }
}

}  // namespace

KafkaRecord to_record(KafkaMessage message, std::string topic, std::int32_t partition) {
  KafkaRecord record{.topic = std::move(topic), .partition = partition};
  for (const auto& [name, value] : message.message.headers) {
    if (name.find('\0') != std::string::npos) {
      throw Error("message header '" + name.substr(0, name.find('\0')) +
                  "...': its name has a NUL, which Kafka's clients do not read");
    }
  }
  record.headers.reserve(message.message.headers.size() + 2);
  record.headers.emplace_back(kOurs, ours(message));
  if (message.dead_at != Time{}) record.headers.emplace_back(kReason, message.reason);
  for (auto& header : message.message.headers) record.headers.push_back(std::move(header));
  record.value = std::move(message.message.body);
  return record;
}

KafkaMessage to_message(const rd_kafka_message_t& record, bool is_retry_topic) {
  KafkaMessage message;
  bool is_ours = false;
  read_headers(record, message, is_ours);
  message.message.body = text_of(record.payload, record.len);
  if (!is_ours) {
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const std::int64_t sent = rd_kafka_message_timestamp(&record, &type);
    message.enqueued_at = Time(std::chrono::milliseconds(sent < 0 ? 0 : sent));
    if (record.key != nullptr) {
      message.message.headers.emplace_back(kKey, text_of(record.key, record.key_len));
    }
  }
  if (message.id.empty()) {
    message.id = (is_retry_topic ? "r" : "") + std::to_string(record.partition) + '-' +
                 std::to_string(record.offset);
  }
  return message;
}

}  // namespace waybill::queue::internal
