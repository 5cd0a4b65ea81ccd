#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

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

// "$JS.ACK.[DOMAIN.ACCOUNT.]STREAM.CONSUMER.TIMES.SEQUENCE.DELIVERY.TIME.BEHIND[.RANDOM]"
class AckWords {
 public:
  explicit AckWords(std::string_view ack) noexcept {
    while (!ack.empty() && count_ < words_.size()) {
      const std::size_t end = ack.find('.');
      words_[count_++] = ack.substr(0, end);
      ack.remove_prefix(end == std::string_view::npos ? ack.size() : end + 1);
    }
    constexpr std::size_t kWordsWithDomain = 11;
    first_ = count_ >= kWordsWithDomain ? 4 : std::min<std::size_t>(2, count_);
  }

  // From the stream on.
  std::size_t size() const noexcept { return count_ - first_; }
  std::string_view operator[](std::size_t index) const noexcept { return words_[first_ + index]; }

 private:
  std::array<std::string_view, 12> words_;
  std::size_t count_ = 0;
  std::size_t first_ = 0;
};

}  // namespace

std::string_view read_consumer(std::string_view ack) {
  const AckWords words(ack);
  return words.size() < 2 ? std::string_view() : words[1];
}

NatsDelivery read_delivery(natsMsg& message) {
  NatsDelivery delivery;
  delivery.ack = nats_reply(message);
  const AckWords words(delivery.ack);
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
