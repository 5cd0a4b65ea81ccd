// MemoryStore: the messages of one named queue in memory, and where each of them stands.
//
// A message is either in line, under a place number that only grows, or away until a point in time
// (delayed, or in flight). Two ordered sets, one per case, hold the ids. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue/queue.h>

namespace waybill::queue::internal {

class MemoryStore {
 public:
  // The one of this name; a new one if nobody holds it.
  static std::shared_ptr<MemoryStore> named(const std::string& name);

  void send(std::span<Message> messages);
  std::vector<Taken> take(std::size_t max, std::chrono::milliseconds wait,
                          std::chrono::milliseconds visibility);

  // False when the claim is stale.
  bool ack(Claim claim);
  bool retry(Claim claim, std::chrono::milliseconds delay);
  bool dead_letter(Claim claim, std::string_view reason);
  bool extend(Claim claim, std::chrono::milliseconds visibility);

  Counts counts();
  std::vector<DeadLetter> dead_letters(std::size_t max);

 private:
  using Clock = std::chrono::steady_clock;

  enum class State { kNew, kReady, kDelayed, kInFlight };

  struct Entry {
    std::shared_ptr<const Message> message;
    Time enqueued_at;
    std::uint32_t attempts = 0;
    State state = State::kNew;
    std::uint64_t place = 0;     // kReady
    Clock::time_point due = {};  // kDelayed, kInFlight
  };
  using Entries = std::unordered_map<std::int64_t, Entry>;

  // All of these with the mutex held.
  Entries::iterator find(Claim claim);
  void enter_line(Entries::value_type& entry);
  void send_away(Entries::value_type& entry, State state, Clock::time_point due);
  void leave(Entries::value_type& entry);
  void promote(Clock::time_point now);
  std::vector<Taken> take_ready(std::size_t max, Clock::time_point due);

  std::mutex mutex_;
  std::condition_variable changed_;
  Entries entries_;
  std::set<std::pair<std::uint64_t, std::int64_t>> line_;
  std::set<std::pair<Clock::time_point, std::int64_t>> away_;
  std::size_t in_flight_ = 0;
  // What is handed out while somebody waits is not due any sooner than this. So whoever waits looks
  // again this often, and handing out, the usual case, need not wake anybody.
  std::chrono::milliseconds shortest_visibility_ = std::chrono::milliseconds::max();
  std::int64_t last_id_ = 0;
  std::uint64_t last_place_ = 0;
  std::deque<DeadLetter> dead_;
};

}  // namespace waybill::queue::internal
