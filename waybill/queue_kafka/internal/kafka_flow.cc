#include <algorithm>
#include <utility>

#include <waybill/queue_kafka/internal/kafka_flow.h>
#include <waybill/queue_kafka/internal/kafka_limits.h>

namespace waybill::queue::internal {

namespace {

using std::chrono::milliseconds;
using State = KafkaEntry::State;

// Kafka's limit is 4096 bytes. Above the first, nothing more is handed out of a partition; above
// the second, messages are carried forward.
constexpr std::size_t kFull = 3000;
constexpr std::size_t kLong = 2000;
// How often that is looked at while many are handed out.
constexpr std::size_t kLookEvery = 16;
// About what one more run of offsets costs.
constexpr std::size_t kRunBytes = 5;
constexpr std::size_t kMostCarried = 2000;
// A message that has held the group's offset back for so many others is carried forward, too.
constexpr std::int64_t kMostSpan = 100'000;
constexpr std::size_t kFewHoldBack = 100;

KafkaMessage to_message(const KafkaEntry& entry) {
  return {.id = entry.id,
          .message = *entry.message,
          .enqueued_at = entry.enqueued_at,
          .attempts = entry.attempts,
          .due = {}};
}

// Neighbours that have not been settled.
using Run = std::vector<KafkaEntryPtr>;

std::vector<Run> runs_below(const KafkaLog& log, std::int64_t end) {
  std::vector<Run> runs;
  for (const auto& [offset, entry] : log.entries) {
    if (offset >= end) break;
    if (log.window.is_settled(offset)) continue;
    if (runs.empty() || runs.back().back()->offset + 1 != offset) runs.emplace_back();
    runs.back().push_back(entry);
  }
  return runs;
}

}  // namespace

KafkaFlow::~KafkaFlow() {
  for (auto* logs : {&logs_, &lost_}) {
    for (const auto& [place, log] : *logs) forget_all(*log);
  }
}

KafkaLog& KafkaFlow::start(const KafkaPlace& place, const KafkaCommitted& committed) {
  stop(place, false);
  std::unique_ptr<KafkaLog>& log = logs_[place];
  if (const auto lost = lost_.extract(place)) {
    if (committed == lost.mapped()->confirmed || committed == lost.mapped()->attempted) {
      log = std::move(lost.mapped());
      log->is_lost = log->paused = false;
      log->confirmed = log->attempted = committed;
      for (const auto& [offset, entry] : log->entries) {
        line_.send_away(entry, State::kInFlight, entry->due);
      }
      return *log;
    }
    forget_all(*lost.mapped());
  }
  log = std::make_unique<KafkaLog>();
  log->place = place;
  log->is_retry = place.first == settings_.retry_topic();
  log->confirmed = log->attempted = committed;
  const std::int64_t base = std::max<std::int64_t>(committed.offset, 0);
  log->window = KafkaWindow::decode(base, committed.metadata).value_or(KafkaWindow(base));
  log->read_to = log->window.base();
  return *log;
}

void KafkaFlow::stop(const KafkaPlace& place, bool lost) {
  const auto found = logs_.extract(place);
  if (!found) return;
  if (!lost) {
    forget_all(*found.mapped());
    return;
  }
  KafkaLog& log = *found.mapped();
  log.is_lost = true;
  // What is in somebody's hands is kept, and the rest read again.
  std::vector<KafkaEntryPtr> others;
  for (const auto& [offset, entry] : log.entries) {
    if (entry->state == State::kInFlight) {
      line_.leave(entry);
    } else {
      others.push_back(entry);
    }
  }
  for (const KafkaEntryPtr& entry : others) forget(entry);
  log.read_to = log.window.base();
  lost_[place] = std::move(found.mapped());
}

KafkaLog* KafkaFlow::find(const KafkaPlace& place) {
  const auto found = logs_.find(place);
  return found == logs_.end() ? nullptr : found->second.get();
}

void KafkaFlow::read(KafkaLog& log, std::int64_t offset, KafkaMessage message) {
  if (offset < log.read_to) return;
  read_nothing_to(log, offset);
  log.read_to = offset + 1;
  if (log.window.is_settled(offset) || log.entries.contains(offset)) return;
  auto entry = std::make_shared<KafkaEntry>();
  entry->id = std::move(message.id);
  entry->message = std::make_shared<const Message>(std::move(message.message));
  entry->enqueued_at = message.enqueued_at;
  entry->attempts = entry->attempts_written = message.attempts;
  entry->log = &log;
  entry->offset = offset;
  log.entries.emplace(offset, entry);
  if (const KafkaWindow::Claim* claim = log.window.claim_on(offset)) {
    entry->attempts += claim->attempts;
    stand(entry, claim->until, claim->in_flight);
  } else {
    stand(entry, message.due, message.in_flight);
  }
}

void KafkaFlow::read_nothing_to(KafkaLog& log, std::int64_t offset) {
  if (offset <= log.read_to) return;
  log.window.settle(log.read_to, offset);
  log.read_to = offset;
}

KafkaSnapshot KafkaFlow::snapshot() const {
  KafkaSnapshot snapshot;
  const auto add = [&](const KafkaEntry& entry, QueuedMessage::State state) {
    // Else whoever looks finds it in the log.
    if (entry.offset >= entry.log->read_to) return;
    snapshot.seen.push_back({entry.id, entry.message, state, entry.attempts, entry.enqueued_at});
  };
  for (const auto& [place, entry] : line_.ready()) {
    add(*entry, QueuedMessage::State::kReady);
  }
  for (const auto& [place, log] : logs_) {
    snapshot.read_to[place] = log->read_to;
    for (const auto& [offset, entry] : log->entries) {
      if (entry->state == State::kInFlight) add(*entry, QueuedMessage::State::kInFlight);
      if (entry->state == State::kDelayed) add(*entry, QueuedMessage::State::kDelayed);
    }
  }
  return snapshot;
}

bool KafkaFlow::wish(KafkaWish& wish, Time now) {
  KafkaEntry& entry = *wish.entry;
  if (entry.log == nullptr || entry.attempts != wish.attempt) {
    wish.outcome = Settlement::kLost;
    return true;
  }
  KafkaLog& log = *entry.log;
  if (log.is_lost || entry.busy) return false;
  Round::Change change{.entry = wish.entry, .wish = &wish, .until = now + wish.time};
  switch (wish.kind) {
    case KafkaWish::Kind::kAck:
      touch(log);
      log.window.settle(entry.offset, entry.offset + 1);
      break;
    case KafkaWish::Kind::kDeadLetter:
      move(change, settings_.dead_topic(), 0, nullptr, &wish);
      return true;
    case KafkaWish::Kind::kRetry:
      if (wish.time > kKafkaWaitsInPlace) {
        const std::int32_t partition = log.place.second % topics_.retry_partitions;
        KafkaLog* to = retry_log(partition);
        change.stays = to != nullptr;
        move(change, settings_.retry_topic(), to == nullptr ? partition : to->place.second, to,
             nullptr);
        return true;
      }
      [[fallthrough]];
    case KafkaWish::Kind::kExtend:
      touch(log);
      change.stays = true;
      change.in_flight = wish.kind == KafkaWish::Kind::kExtend;
      log.window.claim(entry.offset,
                       {entry.attempts - entry.attempts_written, change.until, change.in_flight});
      break;
  }
  entry.busy = true;
  round_.changes.push_back(std::move(change));
  return true;
}

// That of the number, or another that is ours: then it stays in memory.
KafkaLog* KafkaFlow::retry_log(std::int32_t partition) {
  if (KafkaLog* same = find({settings_.retry_topic(), partition})) return same;
  const auto any =
      std::ranges::find_if(logs_, [](const auto& one) { return one.second->is_retry; });
  return any == logs_.end() ? nullptr : any->second.get();
}

void KafkaFlow::move(Round::Change change, const std::string& topic, std::int32_t partition,
                     KafkaLog* to, const KafkaWish* dead) {
  KafkaEntry& entry = *change.entry;
  KafkaMessage message = to_message(entry);
  message.in_flight = change.in_flight;
  if (dead == nullptr) {
    message.due = change.until;
  } else {
    message.reason = dead->reason;
    message.dead_at = change.until;
  }
  KafkaRecord record = to_record(std::move(message), topic, partition);
  if (dead != nullptr) record.key = entry.id;
  touch(*entry.log);
  entry.log->window.settle(entry.offset, entry.offset + 1);
  entry.busy = true;
  change.moved = static_cast<int>(round_.records.size());
  round_.records.push_back(std::move(record));
  round_.records_to.push_back(to);
  round_.changes.push_back(std::move(change));
}

std::vector<KafkaTaken> KafkaFlow::choose(std::size_t max, Time now, milliseconds visibility) {
  std::vector<KafkaTaken> taken;
  std::map<KafkaLog*, std::size_t> counts;
  for (const auto& [place, entry] : line_.ready()) {
    if (taken.size() == max) break;
    KafkaLog& log = *entry->log;
    if (entry->busy) continue;
    std::size_t& count = counts[&log];
    if (count % kLookEvery == 0 && log.window.encode().size() > kFull) continue;
    ++count;
    touch(log);
    log.window.claim(entry->offset,
                     {entry->attempts + 1 - entry->attempts_written, now + visibility, true});
    entry->busy = true;
    round_.changes.push_back(
        {.entry = entry, .until = now + visibility, .in_flight = true, .stays = true});
    taken.push_back({entry, entry->attempts + 1});
  }
  return taken;
}

void KafkaFlow::carry_forward() {
  std::vector<KafkaLog*> touched;
  for (const auto& [log, window] : round_.before) touched.push_back(log);
  for (KafkaLog* log : touched) carry_forward(*log);
}

// The shortest runs first: each that goes joins its neighbours to one that is settled.
void KafkaFlow::carry_forward(KafkaLog& log) {
  const std::size_t size = log.window.encode().size();
  const bool is_wide = log.window.end() - log.window.base() > kMostSpan;
  if (size <= kLong && !is_wide) return;
  std::vector<Run> runs = runs_below(log, log.window.end());
  if (runs.empty()) return;
  const bool holds_back = is_wide && runs.front().size() <= kFewHoldBack;
  if (size <= kLong && !holds_back) return;
  std::ranges::stable_sort(runs.begin() + (holds_back ? 1 : 0), runs.end(), {}, &Run::size);
  std::size_t wanted = size <= kLong ? 1 : (size - kLong / 2) / kRunBytes + 1;
  std::size_t carried = 0;
  for (const Run& run : runs) {
    if (wanted-- == 0 || carried > kMostCarried) return;
    for (const KafkaEntryPtr& entry : run) {
      if (entry->busy) continue;
      const bool is_ready = entry->state == State::kReady;
      move({.entry = entry,
            .until = is_ready ? Time{} : entry->due,
            .in_flight = entry->state == State::kInFlight,
            .stays = true},
           log.place.first, log.place.second, &log, nullptr);
      ++carried;
    }
  }
}

void KafkaFlow::finish(std::span<const std::int64_t> offsets) {
  for (const Round::Change& change : round_.changes) {
    change.entry->busy = false;
    if (change.wish != nullptr) change.wish->outcome = Settlement::kDone;
    settle(change, offsets);
  }
  round_ = {};
}

void KafkaFlow::settle(const Round::Change& change, std::span<const std::int64_t> offsets) {
  const KafkaEntryPtr& entry = change.entry;
  if (!change.stays) {
    forget(entry);
    return;
  }
  const bool is_ready = entry->state == State::kReady;
  if (change.moved >= 0) {
    KafkaLog* to = round_.records_to[static_cast<std::size_t>(change.moved)];
    const std::int64_t offset = offsets[static_cast<std::size_t>(change.moved)];
    if (offset < 0) {
      forget(entry);
      return;
    }
    entry->log->entries.erase(entry->offset);
    entry->log = to;
    entry->offset = offset;
    entry->attempts_written = entry->attempts;
    to->entries.emplace(offset, entry);
    // Carried forward, it keeps its place in line.
    if (change.wish == nullptr && is_ready) return;
  } else if (change.wish == nullptr) {
    ++entry->attempts;
  }
  stand(entry, change.until, change.in_flight);
}

// What waits goes into line by promote() alone, in the order of time: not in that of the topics.
void KafkaFlow::stand(const KafkaEntryPtr& entry, Time until, bool in_flight) {
  if (until == Time{}) {
    line_.enter(entry);
  } else {
    line_.send_away(entry, in_flight ? State::kInFlight : State::kDelayed, until);
  }
}

void KafkaFlow::undo() {
  for (const Round::Change& change : round_.changes) change.entry->busy = false;
  for (auto& [log, window] : round_.before) log->window = std::move(window);
  round_ = {};
}

void KafkaFlow::forget(const KafkaEntryPtr& entry) {
  line_.leave(entry);
  entry->log->entries.erase(entry->offset);
  entry->log = nullptr;
}

void KafkaFlow::forget_all(KafkaLog& log) {
  for (const auto& [offset, entry] : log.entries) {
    line_.leave(entry);
    entry->log = nullptr;
  }
  log.entries.clear();
}

}  // namespace waybill::queue::internal
