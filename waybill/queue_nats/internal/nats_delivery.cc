#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include <waybill/queue_nats/internal/nats_delivery.h>
#include <waybill/queue_nats/internal/nats_handles.h>

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

// "$JS.ACK.[DOMAIN.ACCOUNT.]STREAM.CONSUMER.TIMES.SEQUENCE.DELIVERY.TIME.BEHIND[.RANDOM]", from the
// stream on.
std::vector<std::string_view> words_of(std::string_view ack) {
  constexpr std::size_t kWordsWithDomain = 11;
  std::vector<std::string_view> words;
  while (!ack.empty()) {
    const std::size_t end = ack.find('.');
    words.push_back(ack.substr(0, end));
    ack.remove_prefix(end == std::string_view::npos ? ack.size() : end + 1);
  }
  const std::size_t before = words.size() >= kWordsWithDomain ? 4 : 2;
  words.erase(words.begin(),
              words.begin() + static_cast<std::ptrdiff_t>(std::min(before, words.size())));
  return words;
}

}  // namespace

std::string_view read_consumer(std::string_view ack) {
  const std::vector<std::string_view> words = words_of(ack);
  return words.size() < 2 ? std::string_view() : words[1];
}

NatsDelivery read_delivery(natsMsg& message) {
  NatsDelivery delivery;
  delivery.ack = nats_reply(message);
  const std::vector<std::string_view> words = words_of(delivery.ack);
  if (words.size() < 7) return delivery;
  delivery.consumer = words[1];
  delivery.times = static_cast<std::uint32_t>(number(words[2]));
  delivery.sequence = number(words[3]);
  delivery.delivery = number(words[4]);
  delivery.behind = number(words[6]);
  const std::chrono::nanoseconds stored(number(words[5]));
  NatsEntry entry = read_entry(message, delivery.sequence,
                               Time(std::chrono::duration_cast<std::chrono::milliseconds>(stored)));
  const std::string_view subject = natsMsg_GetSubject(&message);
  entry.message.priority = priority_of(subject.substr(subject.rfind('.') + 1));
  delivery.label = std::move(entry.label);
  delivery.message = std::make_shared<const Message>(std::move(entry.message));
  return delivery;
}

}  // namespace waybill::queue::internal
