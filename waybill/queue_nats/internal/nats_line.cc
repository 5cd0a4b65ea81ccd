#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_nats/internal/nats_line.h>
#include <waybill/queue_nats/internal/nats_streams.h>

namespace waybill::queue::internal {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Of a delivery that is to be moved on to the line.
constexpr milliseconds kMovingTime{10'000};

}  // namespace

bool NatsLine::open(bool create, milliseconds visibility) {
  const std::string stream = names_.line_stream();
  if (!create && !jet_.has_stream(stream)) return false;
  jet_.need_stream(nats_line_stream(names_, jet_.replicas()));
  for (const Priority priority : {Priority::kHigh, Priority::kNormal, Priority::kLow}) {
    jet_.need_consumer(
        stream, nats_consumer(NatsNames::name_of(priority), names_.line(priority), visibility));
  }
  jet_.connection().heed(names_.mixed());
  jet_.need_consumer(stream, nats_consumer("later", names_.all_later(), kMovingTime));
  const json normal = jet_.request("CONSUMER.INFO." + stream + ".normal", json::object());
  ack_wait_ = std::chrono::duration_cast<milliseconds>(
      nanoseconds(normal.at("config").at("ack_wait").get<std::int64_t>()));
  return true;
}

void NatsLine::check_size(std::size_t headers, std::size_t body) const {
  constexpr std::size_t kMostOfHeaders = 65'535;
  if (headers > kMostOfHeaders) {
    throw NatsRefusal(0, "its headers take " + std::to_string(headers) +
                             " bytes, of which NATS takes 65535 at most");
  }
  const std::size_t most = jet_.connection().most_bytes();
  if (headers + body <= most) return;
  throw NatsRefusal(0, "it takes " + std::to_string(headers + body) +
                           " bytes, which is more than the server's max_payload of " +
                           std::to_string(most));
}

std::size_t NatsLine::send(std::span<const Sent> messages) {
  const Time time = now();
  const auto is_mixed = [](const Sent& sent) {
    return sent.message->priority != Priority::kNormal;
  };
  if (std::ranges::any_of(messages, is_mixed)) {
    attention_.note_mixed();
    jet_.connection().publish(names_.mixed(), "");
  }
  NatsCall call(jet_.connection());
  call.reserve(messages.size());
  for (const Sent& sent : messages) {
    const Message& message = *sent.message;
    const bool is_later = message.delay.count() > 0;
    const Time due = time + message.delay;
    if (is_later) attention_.look_everywhere_by(Clock::now() + message.delay);
    natsMsg& out =
        call.add(is_later ? names_.later(due.time_since_epoch().count(), message.priority)
                          : lines_[static_cast<std::size_t>(message.priority)],
                 message.body);
    NatsLabel label = sent.label;
    if (label.id.empty()) {
      label = {.id = who_ + '-' + std::to_string(++sent_), .attempts = 0, .sent = time};
    }
    check_size(write_headers(out, message.headers, label, sent.moved_from), message.body.size());
  }
  jet_.ask(call, names_.line_stream());
  std::size_t stored = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const bool was_there = NatsJetStream::stored(call.answer(i)).is_duplicate;
    // One of ours was stored by the first attempt.
    if (!was_there || messages[i].label.id.empty()) ++stored;
  }
  ring();
  return stored;
}

bool NatsLine::hold(NatsDelivery& delivery) {
  if (delivery.is_won || Clock::now() < delivery.safe_until) return true;
  if (!claims_.win(delivery)) return false;
  if (!jet_.at(names_.line_stream(), delivery.sequence)) {
    claims_.forget(delivery);
    return false;
  }
  delivery.is_won = true;
  return true;
}

void NatsLine::finish(NatsDelivery& delivery, const char* word) {
  NatsCall call(jet_.connection());
  call.add(delivery.ack, word);
  jet_.ask(call, leader_of(delivery));
  claims_.forget(delivery);
}

bool NatsLine::ack(NatsDelivery& delivery) {
  if (!hold(delivery)) return false;
  NatsDelivery* const one = &delivery;
  confirm_each({&one, 1});
  return is_still_ours(delivery);
}

std::vector<Settlement> NatsLine::ack(std::span<NatsDelivery* const> deliveries) {
  std::vector<Settlement> outcomes(deliveries.size(), Settlement::kFailed);
  std::vector<NatsDelivery*> held;
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    if (hold(*deliveries[i])) {
      held.push_back(deliveries[i]);
    } else {
      outcomes[i] = Settlement::kLost;
    }
  }
  if (!held.empty() && !confirm_last(held)) confirm_each(held);
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    if (outcomes[i] == Settlement::kLost) continue;
    outcomes[i] = is_still_ours(*deliveries[i]) ? Settlement::kDone : Settlement::kLost;
  }
  return outcomes;
}

bool NatsLine::is_still_ours(NatsDelivery& delivery) {
  // An ack that came too late to be sure that nobody had the message by then.
  const bool is_late = !delivery.is_won && Clock::now() >= delivery.safe_until;
  if (is_late && !claims_.win(delivery)) return false;
  claims_.forget(delivery);
  return true;
}

void NatsLine::confirm_each(std::span<NatsDelivery* const> deliveries) {
  NatsCall call(jet_.connection());
  call.reserve(deliveries.size());
  for (const NatsDelivery* delivery : deliveries) call.add(delivery->ack, "+ACK");
  jet_.ask(call, leader_of(*deliveries.front()));
}

bool NatsLine::confirm_last(std::span<NatsDelivery* const> deliveries) {
  if (jet_.replicas() > 1) return false;
  const std::uint64_t breaks = jet_.connection().breaks();
  std::map<std::string_view, const NatsDelivery*> last;
  for (const NatsDelivery* delivery : deliveries) {
    const NatsDelivery*& of_consumer = last[delivery->consumer];
    if (of_consumer != nullptr) jet_.connection().publish(of_consumer->ack, "+ACK");
    of_consumer = delivery;
  }
  NatsCall call(jet_.connection());
  for (const auto& [consumer, delivery] : last) call.add(delivery->ack, "+ACK");
  jet_.ask(call, names_.line_stream());
  return jet_.connection().breaks() == breaks;
}

bool NatsLine::retry(NatsDelivery& delivery, milliseconds delay) {
  if (!hold(delivery)) return false;
  Message copy = *delivery.message;
  copy.delay = delay;
  NatsLabel label = delivery.label;
  label.attempts = delivery.attempt;
  const Sent sent{&copy, label, delivery.sequence};
  send({&sent, 1});
  finish(delivery, "+ACK");
  return true;
}

bool NatsLine::extend(NatsDelivery& delivery, milliseconds visibility) {
  const auto before = Clock::now();
  const bool is_late = !delivery.is_won && before >= delivery.safe_until;
  const bool is_plain = !is_late && delivery.claim == 0 && visibility == ack_wait_;
  if (!is_plain) {
    if (!claims_.renew(delivery, now() + visibility)) return false;
    if (is_late && !jet_.at(names_.line_stream(), delivery.sequence)) {
      claims_.forget(delivery);
      return false;
    }
  }
  NatsCall call(jet_.connection());
  call.add(delivery.ack,
           is_plain ? "+WPI"
                    : "-NAK {\"delay\":" + std::to_string(nanoseconds(visibility).count()) + '}');
  jet_.ask(call, leader_of(delivery));
  delivery.safe_until = before + visibility;
  delivery.is_won = false;
  return true;
}

}  // namespace waybill::queue::internal
