#include <algorithm>
#include <charconv>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_nats/internal/nats_entry.h>
#include <waybill/queue_nats/internal/nats_view.h>

namespace waybill::queue::internal {

namespace {

using nlohmann::json;
using State = QueuedMessage::State;
constexpr Priority kPriorities[] = {Priority::kHigh, Priority::kNormal, Priority::kLow};

struct Standing {
  std::uint64_t last_delivered = 0;  // in the stream
  std::size_t ready = 0;
  std::size_t in_hand = 0;
};

Standing standing(NatsJetStream& jet, const NatsNames& names, Priority priority) {
  const json info = jet.request(
      "CONSUMER.INFO." + names.line_stream() + '.' + NatsNames::name_of(priority), json::object());
  return {.last_delivered = info.at("delivered").at("stream_seq"),
          .ready = info.at("num_pending"),
          .in_hand = info.at("num_ack_pending")};
}

// What is put off: subjects, by when they are due.
std::multimap<std::int64_t, std::pair<std::string, std::size_t>> later(NatsJetStream& jet,
                                                                       const NatsNames& names) {
  std::multimap<std::int64_t, std::pair<std::string, std::size_t>> found;
  const json info =
      jet.request("STREAM.INFO." + names.line_stream(), {{"subjects_filter", names.all_later()}});
  const json none = json::object();
  const json& state = info.at("state");
  const auto subjects = state.find("subjects");
  for (const auto& [subject, count] : (subjects == state.end() ? none : *subjects).items()) {
    const std::size_t end = subject.rfind('.');
    const std::size_t begin = subject.rfind('.', end - 1) + 1;
    std::int64_t due = 0;
    std::from_chars(subject.data() + begin, subject.data() + end, due);
    found.emplace(due, std::pair(subject, count.get<std::size_t>()));
  }
  return found;
}

// Of messages in hand, those that have a claim.
std::map<std::uint64_t, NatsClaim> claims_by_message(NatsClaims& claims) {
  std::map<std::uint64_t, NatsClaim> by_message;
  for (const NatsClaim& claim : claims.all()) by_message.emplace(claim.message, claim);
  return by_message;
}

QueuedMessage shown(const NatsKept& kept, State state, Priority priority, std::uint32_t times) {
  NatsEntry entry = read_entry(kept.headers, kept.body, kept.sequence, kept.stored);
  return {.id = std::move(entry.label.id),
          .body = std::move(entry.message.body),
          .headers = std::move(entry.message.headers),
          .state = state,
          .priority = priority,
          .attempts = entry.label.attempts + times,
          .enqueued_at = entry.label.sent};
}

}  // namespace

Counts count_nats(NatsJetStream& jet, const NatsNames& names, NatsClaims& claims) {
  Counts counts;
  const Time time = now();
  for (const Priority priority : kPriorities) {
    const Standing there = standing(jet, names, priority);
    counts.ready += there.ready;
    counts.in_flight += there.in_hand;
  }
  for (const auto& [due, subject] : later(jet, names)) {
    (Time(std::chrono::milliseconds(due)) > time ? counts.delayed : counts.ready) += subject.second;
  }
  for (const NatsClaim& claim : claims.all()) {
    const bool is_over = !claim.is_settled && claim.until <= time;
    if (!is_over || counts.in_flight == 0) continue;
    if (!jet.at(names.line_stream(), claim.message)) continue;
    --counts.in_flight;
    ++counts.ready;
  }
  return counts;
}

std::vector<QueuedMessage> peek_nats(NatsJetStream& jet, const NatsNames& names, NatsClaims& claims,
                                     std::size_t max) {
  std::vector<QueuedMessage> ready;
  std::vector<QueuedMessage> in_hand;
  std::vector<QueuedMessage> delayed;
  const Time time = now();
  const auto by_message = claims_by_message(claims);
  const std::string stream = names.line_stream();
  for (const Priority priority : kPriorities) {
    const std::uint64_t last = standing(jet, names, priority).last_delivered;
    std::uint64_t from = 1;
    while (ready.size() < max) {
      const auto kept = jet.next_of(stream, names.line(priority), from);
      if (!kept) break;
      from = kept->sequence + 1;
      if (kept->sequence > last) {
        ready.push_back(shown(*kept, State::kReady, priority, 0));
        continue;
      }
      const auto claim = by_message.find(kept->sequence);
      const bool is_claimed = claim != by_message.end();
      const bool is_over = is_claimed && claim->second.until <= time;
      QueuedMessage message =
          shown(*kept, is_over ? State::kReady : State::kInFlight, priority, is_claimed ? 0 : 1);
      if (is_claimed) message.attempts = claim->second.attempt;
      (is_over ? ready : in_hand).push_back(std::move(message));
    }
  }
  for (const auto& [due, subject] : later(jet, names)) {
    std::uint64_t from = 1;
    for (std::size_t i = 0; i < subject.second && delayed.size() < max; ++i) {
      const auto kept = jet.next_of(stream, subject.first, from);
      if (!kept) break;
      from = kept->sequence + 1;
      const std::string_view name = subject.first;
      const std::string_view word = name.substr(name.rfind('.') + 1);
      const Priority priority = word == "high"  ? Priority::kHigh
                                : word == "low" ? Priority::kLow
                                                : Priority::kNormal;
      const bool is_due = Time(std::chrono::milliseconds(due)) <= time;
      delayed.push_back(shown(*kept, is_due ? State::kReady : State::kDelayed, priority, 0));
    }
  }
  std::ranges::move(in_hand, std::back_inserter(ready));
  std::ranges::move(delayed, std::back_inserter(ready));
  if (ready.size() > max) ready.resize(max);
  return ready;
}

}  // namespace waybill::queue::internal
