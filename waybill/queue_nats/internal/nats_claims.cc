#include <algorithm>
#include <sstream>

#include <nlohmann/json.hpp>

#include <waybill/queue/internal/bounded.h>
#include <waybill/queue/internal/claim.h>
#include <waybill/queue_nats/internal/nats_claims.h>
#include <waybill/queue_nats/internal/nats_streams.h>

namespace waybill::queue::internal {

namespace {

// "DELIVERY ATTEMPT UNTIL", of which the first is told apart from all others of the message; UNTIL
// is zero where it is settled.
std::string text_of(const NatsDelivery& delivery, Time until) {
  return std::to_string(delivery.delivery) + ' ' + std::to_string(delivery.attempt) + ' ' +
         std::to_string(until.time_since_epoch().count());
}

NatsClaim read(const NatsKept& note) {
  NatsClaim claim;
  claim.sequence = note.sequence;
  const std::string& subject = note.subject;
  std::istringstream(subject.substr(subject.rfind('.') + 1)) >> claim.message;
  std::uint64_t delivery = 0;
  std::int64_t until = 0;
  std::istringstream(note.body) >> delivery >> claim.attempt >> until;
  claim.until = Time(std::chrono::milliseconds(until));
  claim.is_settled = until == 0;
  return claim;
}

}  // namespace

void NatsClaims::prepare() {
  jet_.need_stream(nats_notes_stream(names_, replicas_));
}

std::optional<NatsClaim> NatsClaims::of(std::uint64_t message) {
  const auto note = jet_.last_of(names_.notes_stream(), names_.claim(message));
  if (!note) return std::nullopt;
  return read(*note);
}

void NatsClaims::claim(std::vector<NatsDelivery>& deliveries,
                       std::chrono::milliseconds visibility) {
  if (deliveries.empty()) return;
  prepare();
  const Time until = now() + visibility;
  std::vector<NatsDelivery> ours;
  std::vector<NatsDelivery> others;
  NatsCall call(jet_.connection());
  std::vector<NatsDelivery> asked;
  for (NatsDelivery& delivery : deliveries) {
    if (delivery.times > 1) {
      others.push_back(std::move(delivery));
      continue;
    }
    const std::string subject = names_.claim(delivery.sequence);
    NatsJetStream::expect_last(call.add(subject, text_of(delivery, until)), 0);
    asked.push_back(std::move(delivery));
  }
  if (!asked.empty()) jet_.ask(call, names_.notes_stream());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    try {
      asked[i].claim = NatsJetStream::stored(call.answer(i)).sequence;
      ours.push_back(std::move(asked[i]));
    } catch (const NatsRefusal& refusal) {
      if (refusal.code() != NatsJetStream::kWrongSequence) throw;
      others.push_back(std::move(asked[i]));
    }
  }
  for (NatsDelivery& delivery : others) {
    if (claim_again(delivery, until)) ours.push_back(std::move(delivery));
  }
  deliveries = std::move(ours);
}

bool NatsClaims::claim_again(NatsDelivery& delivery, Time until) {
  constexpr int kTries = 3;
  const std::uint32_t before = delivery.attempt;
  for (int i = 0; i < kTries; ++i) {
    const auto found = of(delivery.sequence);
    if (found && found->is_settled) {
      jet_.connection().publish(delivery.ack, "+ACK");
      return false;
    }
    if (found && found->until > now()) {
      // Whoever has it has asked for more time.
      const std::chrono::nanoseconds left = found->until - now();
      jet_.connection().publish(delivery.ack,
                                "-NAK {\"delay\":" + std::to_string(left.count()) + '}');
      return false;
    }
    delivery.claim = found ? found->sequence : 0;
    delivery.attempt = found ? found->attempt + 1 : before;
    if (replace(delivery, text_of(delivery, until))) return true;
  }
  return false;
}

bool NatsClaims::replace(NatsDelivery& delivery, const std::string& text) {
  const std::string subject = names_.claim(delivery.sequence);
  if (const auto sequence = jet_.replace(names_.notes_stream(), subject, text, delivery.claim)) {
    delivery.claim = *sequence;
    return true;
  }
  // It may be our own, whose answer was lost.
  const auto there = jet_.last_of(names_.notes_stream(), subject);
  if (!there || there->body != text) return false;
  delivery.claim = there->sequence;
  return true;
}

bool NatsClaims::renew(NatsDelivery& delivery, Time until) {
  prepare();
  return replace(delivery, text_of(delivery, until));
}

bool NatsClaims::win(NatsDelivery& delivery) {
  return renew(delivery, Time());
}

void NatsClaims::forget(const NatsDelivery& delivery) {
  if (delivery.claim == 0) return;
  jet_.request_later("STREAM.PURGE." + names_.notes_stream(),
                     {{"filter", names_.claim(delivery.sequence)}});
}

std::vector<NatsClaim> NatsClaims::all() {
  std::vector<NatsClaim> all;
  const std::string stream = names_.notes_stream();
  for (auto note = jet_.next_of(stream, names_.all_claims(), 1); note;
       note = jet_.next_of(stream, names_.all_claims(), note->sequence + 1)) {
    all.push_back(read(*note));
  }
  return all;
}

}  // namespace waybill::queue::internal
