// What of KafkaStore looks at a whole queue: each call reads it.
#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_kafka/internal/kafka_limits.h>
#include <waybill/queue_kafka/internal/kafka_store.h>

namespace waybill::queue::internal {

namespace {

using State = QueuedMessage::State;

// As another process would see it that takes the partition over.
KafkaSeen seen_in_log(KafkaMessage message, const KafkaWindow& window, std::int64_t offset,
                      Time time, bool with_body) {
  std::uint32_t attempts = message.attempts;
  Time due = message.due;
  bool in_flight = message.in_flight;
  if (const KafkaWindow::Claim* claim = window.claim_on(offset)) {
    attempts += claim->attempts;
    due = claim->until;
    in_flight = claim->in_flight;
  }
  const State state = due <= time ? State::kReady : in_flight ? State::kInFlight : State::kDelayed;
  if (!with_body) message.message = {};
  return {std::move(message.id), std::make_shared<const Message>(std::move(message.message)), state,
          attempts, message.enqueued_at};
}

// First in line first; then those in flight, then those that are delayed.
int rank(const KafkaSeen& seen) {
  switch (seen.state) {
    case State::kReady:
      return -static_cast<int>(seen.message->priority);
    case State::kInFlight:
      return 1;
    case State::kDelayed:
      break;
  }
  return 2;
}

}  // namespace

std::vector<KafkaSeen> KafkaStore::look_at_all(bool with_bodies) {
  KafkaSnapshot known;
  if (const auto consumer = this->consumer(false)) known = consumer->look();
  const std::vector<KafkaPlace> places = topics_.flow(settings_);
  const std::vector<KafkaCommitted> committed = reader_.committed(places);
  const Time time = now();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const KafkaPlace& place = places[i];
    const auto read_to = known.read_to.find(place);
    const bool is_ours = read_to != known.read_to.end();
    const std::int64_t base = std::max<std::int64_t>(committed[i].offset, 0);
    const KafkaWindow window =
        KafkaWindow::decode(base, committed[i].metadata).value_or(KafkaWindow(base));
    reader_.read(place, is_ours ? read_to->second : base, [&](const rd_kafka_message_t& record) {
      if (window.is_settled(record.offset)) return;
      KafkaMessage message = to_message(record, place.first == settings_.retry_topic());
      known.seen.push_back(
          seen_in_log(std::move(message), window, record.offset, time, with_bodies));
    });
  }
  return std::move(known.seen);
}

Counts KafkaStore::counts() {
  Counts counts{.failed_settlements = failed_settlements_.load(std::memory_order_relaxed)};
  for (const KafkaSeen& seen : look_at_all(false)) {
    ++(seen.state == State::kReady     ? counts.ready
       : seen.state == State::kDelayed ? counts.delayed
                                       : counts.in_flight);
  }
  counts.dead = live_dead_letters().size();
  return counts;
}

std::vector<QueuedMessage> KafkaStore::peek(std::size_t max) {
  std::vector<KafkaSeen> all = look_at_all(true);
  std::ranges::stable_sort(all, {}, rank);
  all.resize(std::min({all.size(), max, kKafkaMostShown}));
  std::vector<QueuedMessage> found;
  for (const KafkaSeen& seen : all) {
    found.push_back({seen.id, seen.message->body, seen.message->headers, seen.state,
                     seen.message->priority, seen.attempts, seen.enqueued_at});
  }
  return found;
}

// By offset, the oldest first.
std::vector<std::pair<std::int64_t, std::string>> KafkaStore::live_dead_letters() {
  std::map<std::string, std::int64_t> offsets;
  reader_.read({settings_.dead_topic(), 0}, -1, [&](const rd_kafka_message_t& record) {
    if (record.key == nullptr) return;
    const std::string id(static_cast<const char*>(record.key), record.key_len);
    if (record.payload == nullptr) {
      offsets.erase(id);
    } else {
      offsets[id] = record.offset;
    }
  });
  std::vector<std::pair<std::int64_t, std::string>> live;
  for (const auto& [id, offset] : offsets) live.emplace_back(offset, id);
  std::ranges::sort(live);
  return live;
}

std::vector<DeadLetter> KafkaStore::dead_letters(std::size_t max) {
  std::vector<DeadLetter> letters;
  if (max == 0) return letters;
  const auto live = live_dead_letters();
  if (live.empty()) return letters;
  auto next = live.begin();
  reader_.read({settings_.dead_topic(), 0}, live.front().first,
               [&](const rd_kafka_message_t& record) {
                 if (letters.size() == max || next == live.end()) return;
                 if (record.offset != next->first) return;
                 ++next;
                 KafkaMessage letter = to_message(record, false);
                 letters.push_back({letter.id, std::move(letter.message.body),
                                    std::move(letter.message.headers), std::move(letter.reason),
                                    letter.attempts, letter.enqueued_at, letter.dead_at});
               });
  return letters;
}

bool KafkaStore::take_dead_letter(std::string_view id, bool put_back) {
  bool is_there = false;
  ledger_.decide([&](KafkaLedger::Page& page) {
    const auto live = live_dead_letters();
    const auto found = std::ranges::find(live, id, [](const auto& one) { return one.second; });
    is_there = found != live.end();
    if (!is_there) return;
    page.write({.topic = settings_.dead_topic(), .partition = 0, .key = std::string(id)});
    if (!put_back) return;
    std::optional<KafkaMessage> letter;
    reader_.read({settings_.dead_topic(), 0}, found->first, [&](const rd_kafka_message_t& record) {
      if (record.offset == found->first) letter = to_message(record, false);
    });
    if (!letter) throw KafkaFailure(RD_KAFKA_RESP_ERR__TIMED_OUT);
    // As it was sent.
    letter->attempts = 0;
    letter->due = {};
    letter->dead_at = {};
    page.write(to_record(std::move(*letter), settings_.sent_topic(), 0));
  });
  return is_there;
}

bool KafkaStore::retry_dead_letter(std::string_view id) {
  return take_dead_letter(id, true);
}

bool KafkaStore::remove_dead_letter(std::string_view id) {
  return take_dead_letter(id, false);
}

}  // namespace waybill::queue::internal
