// KafkaLine: the messages that a process has read and not settled: which is next, and when one that
// is away comes back.
//
// Of one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <waybill/queue_kafka/internal/kafka_progress.h>
#include <waybill/queue_kafka/internal/kafka_reader.h>
#include <waybill/queue_kafka/internal/kafka_window.h>

namespace waybill::queue::internal {

struct KafkaLog;

struct KafkaEntry {
  enum class State : std::uint8_t { kAside, kReady, kDelayed, kInFlight };

  std::string id;
  std::shared_ptr<const Message> message;
  Time enqueued_at;
  // Handed out so often, and so often before it was written to where it stands.
  std::uint32_t attempts = 0;
  std::uint32_t attempts_written = 0;
  // Where it stands. Null: settled, or another process's.
  KafkaLog* log = nullptr;
  std::int64_t offset = 0;

  State state = State::kAside;
  std::pair<int, std::uint64_t> place = {};  // kReady
  Time due = {};                             // kDelayed, kInFlight
  // What is to become of it is being written.
  bool busy = false;
};
using KafkaEntryPtr = std::shared_ptr<KafkaEntry>;

// One partition that this process receives from.
struct KafkaLog {
  KafkaPlace place;
  bool is_retry = false;
  KafkaWindow window;
  std::map<std::int64_t, KafkaEntryPtr> entries;
  // Read up to here, and to be read up to there before anybody is told that there is nothing.
  std::int64_t read_to = 0;
  std::int64_t caught_up_at = 0;
  bool paused = false;
  // The group has lost it, and may get it back.
  bool is_lost = false;
  // As the group's offset and metadata are, or are if the last attempt has come through.
  KafkaCommitted confirmed;
  KafkaCommitted attempted;
};

class KafkaLine {
 public:
  using Ready = std::map<std::pair<int, std::uint64_t>, KafkaEntryPtr>;

  // To the end of the line, of its priority.
  void enter(const KafkaEntryPtr& entry) {
    leave(entry);
    entry->state = KafkaEntry::State::kReady;
    entry->place = {-static_cast<int>(entry->message->priority), ++last_place_};
    ready_.emplace(entry->place, entry);
    ready_bytes_ += entry->message->body.size();
  }

  void send_away(const KafkaEntryPtr& entry, KafkaEntry::State state, Time due) {
    leave(entry);
    entry->state = state;
    entry->due = due;
    away_.emplace(due, entry);
  }

  void leave(const KafkaEntryPtr& entry) {
    if (entry->state == KafkaEntry::State::kReady) {
      ready_bytes_ -= entry->message->body.size();
      ready_.erase(entry->place);
    } else if (entry->state != KafkaEntry::State::kAside) {
      away_.erase({entry->due, entry});
    }
    entry->state = KafkaEntry::State::kAside;
  }

  // What is due enters the line.
  void promote(Time now) {
    while (!away_.empty() && away_.begin()->first <= now) {
      const KafkaEntryPtr entry = away_.begin()->second;
      enter(entry);
    }
  }

  const Ready& ready() const noexcept { return ready_; }
  std::size_t ready_bytes() const noexcept { return ready_bytes_; }
  // Of the next that comes back; the latest there is if none does.
  Time next_due() const noexcept { return away_.empty() ? Time::max() : away_.begin()->first; }

 private:
  Ready ready_;
  std::set<std::pair<Time, KafkaEntryPtr>> away_;
  std::size_t ready_bytes_ = 0;
  std::uint64_t last_place_ = 0;
};

}  // namespace waybill::queue::internal
