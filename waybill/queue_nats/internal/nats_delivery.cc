#include <charconv>
#include <string_view>
#include <vector>

#include <waybill/queue_nats/internal/nats_delivery.h>

namespace waybill::queue::internal {

namespace {

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Priority priority_of(std::string_view name) {
  return name == "high" ? Priority::kHigh : name == "low" ? Priority::kLow : Priority::kNormal;
}

}  // namespace

// $JS.ACK.[DOMAIN.ACCOUNT.]STREAM.CONSUMER.TIMES.SEQUENCE.DELIVERY.TIME.BEHIND[.RANDOM]
NatsDelivery read_delivery(natsMsg& message) {
  constexpr std::size_t kWordsWithDomain = 11;
  NatsDelivery delivery;
  delivery.ack = nats_reply(message);
  std::vector<std::string_view> words;
  for (std::string_view rest = delivery.ack; !rest.empty();) {
    const std::size_t end = rest.find('.');
    words.push_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  const std::size_t first = words.size() >= kWordsWithDomain ? 4 : 2;
  if (words.size() < first + 7) return delivery;
  delivery.consumer = words[first + 1];
  delivery.times = static_cast<std::uint32_t>(number(words[first + 2]));
  delivery.sequence = number(words[first + 3]);
  delivery.delivery = number(words[first + 4]);
  delivery.behind = number(words[first + 6]);
  const std::chrono::nanoseconds stored(number(words[first + 5]));
  NatsEntry entry = read_entry(message, delivery.sequence,
                               Time(std::chrono::duration_cast<std::chrono::milliseconds>(stored)));
  const std::string_view subject = natsMsg_GetSubject(&message);
  entry.message.priority = priority_of(subject.substr(subject.rfind('.') + 1));
  delivery.label = std::move(entry.label);
  delivery.message = std::make_shared<const Message>(std::move(entry.message));
  return delivery;
}

}  // namespace waybill::queue::internal
