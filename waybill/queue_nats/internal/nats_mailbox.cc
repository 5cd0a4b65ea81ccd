#include <algorithm>
#include <charconv>
#include <string_view>

#include <waybill/queue_nats/internal/nats_call.h>
#include <waybill/queue_nats/internal/nats_mailbox.h>

namespace waybill::queue::internal {

namespace {

// "INBOX.CALL.QUESTION"
bool read_address(std::string_view subject, std::uint64_t& call, std::size_t& question) {
  const std::size_t last = subject.rfind('.');
  if (last == std::string_view::npos || last == 0) return false;
  const std::size_t before = subject.rfind('.', last - 1);
  if (before == std::string_view::npos) return false;
  const char* end = subject.data() + subject.size();
  return std::from_chars(subject.data() + before + 1, end, call).ptr == subject.data() + last &&
         std::from_chars(subject.data() + last + 1, end, question).ptr == end;
}

// "$JS.ACK.STREAM.CONSUMER." and more, or "$JS.ACK.DOMAIN.ACCOUNT.STREAM.CONSUMER." and more, in
// twelve words: "STREAM.CONSUMER."
std::string_view consumer_of(std::string_view ack) {
  constexpr std::string_view kAck = "$JS.ACK.";
  if (!ack.starts_with(kAck)) return {};
  ack.remove_prefix(kAck.size());
  const auto skip_words = [](std::string_view text, int count) {
    std::size_t at = 0;
    for (int i = 0; i < count && at != std::string_view::npos; ++i) {
      at = text.find('.', at);
      if (at != std::string_view::npos) ++at;
    }
    return std::min(at, text.size());
  };
  if (std::ranges::count(ack, '.') >= 9) ack.remove_prefix(skip_words(ack, 2));
  return ack.substr(0, skip_words(ack, 2));
}

}  // namespace

void NatsMailbox::set_up(bool is_up) noexcept {
  const std::lock_guard lock(mutex);
  if (!is_up) {
    ++breaks;
    for (const auto& [id, call] : calls) call->answered_.notify_one();
  }
  changed.notify_all();
}

void NatsMailbox::receive(natsConnection* connection, NatsMessage message) {
  const std::string_view ack = nats_reply(*message);
  if (ack.empty()) {
    std::uint64_t call = 0;
    std::size_t question = 0;
    if (!read_address(natsMsg_GetSubject(message.get()), call, question)) return;
    const auto found = calls.find(call);
    if (found != calls.end()) found->second->take(question, message);
    return;
  }
  // A delivery: its subject is the one that it was sent to.
  const std::string_view consumer = consumer_of(ack);
  for (const auto& [id, call] : calls) {
    if (call->take_delivery(consumer, message)) return;
  }
  if (takers == 0) {
    natsConnection_PublishString(connection, natsMsg_GetReply(message.get()), "-NAK");
    return;
  }
  strays.push_back(std::move(message));
  changed.notify_all();
}

}  // namespace waybill::queue::internal
