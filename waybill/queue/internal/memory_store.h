// MemoryStore: the messages of one named queue in memory, and where each of them stands.
//
// A message is either in line, under a place number that only grows, or away until a point in time
// (delayed, or in flight). Two ordered sets, one per case, hold the ids. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue/queue.h>

namespace waybill::queue::internal {

class MemoryStore {
 public:
  // The one of this name; a new one if nobody holds it.
  static std::shared_ptr<MemoryStore> named(const std::string& name);

  // How many were sent.
  std::size_t send(std::span<Message> messages, std::chrono::milliseconds deduplication_window);
  std::vector<Taken> take(std::size_t max, std::chrono::milliseconds wait,
                          std::chrono::milliseconds visibility);

  // False when the claim is stale.
  bool ack(Claim claim);
  bool retry(Claim claim, std::chrono::milliseconds delay);
  bool dead_letter(Claim claim, std::string_view reason);
  bool extend(Claim claim, std::chrono::milliseconds visibility);

  Counts counts();
  std::vector<QueuedMessage> peek(std::size_t max);
  std::vector<DeadLetter> dead_letters(std::size_t max);
  bool retry_dead_letter(std::string_view id);
  bool remove_dead_letter(std::string_view id);
  std::vector<std::string> arrive(std::string_view group, std::uint32_t index, std::uint32_t total,
                                  std::string_view result);

 private:
  using Clock = std::chrono::steady_clock;

  enum class State { kNew, kReady, kDelayed, kInFlight };

  // A place in line: those of a higher priority are before all others.
  using Place = std::pair<int, std::uint64_t>;
  struct Entry {
    std::shared_ptr<const Message> message;
    Time enqueued_at;
    std::uint32_t attempts = 0;
    State state = State::kNew;
    Place place = {};            // kReady
    Clock::time_point due = {};  // kDelayed, kInFlight
  };
  using Entries = std::unordered_map<std::int64_t, Entry>;
  struct Buried {
    DeadLetter letter;
    std::shared_ptr<const Message> message;
  };

  // All of these with the mutex held.
  Entries::iterator find(Claim claim);
  void enter_line(Entries::value_type& entry);
  void send_away(Entries::value_type& entry, State state, Clock::time_point due);
  void leave(Entries::value_type& entry);
  void promote(Clock::time_point now);
  bool is_known(const Message& message, Clock::time_point now, std::chrono::milliseconds window);
  void add(std::shared_ptr<const Message> message, Time enqueued_at);
  std::deque<Buried>::iterator find_dead(std::string_view id);
  std::vector<Taken> take_ready(std::size_t max, Clock::time_point due);

  std::mutex mutex_;
  std::condition_variable changed_;
  Entries entries_;
  std::set<std::pair<Place, std::int64_t>> line_;
  std::set<std::pair<Clock::time_point, std::int64_t>> away_;
  std::size_t in_flight_ = 0;
  // What is handed out while somebody waits is not due any sooner than this. So whoever waits looks
  // again this often, and handing out, the usual case, need not wake anybody.
  std::chrono::milliseconds shortest_visibility_ = std::chrono::milliseconds::max();
  std::int64_t last_id_ = 0;
  std::uint64_t last_place_ = 0;
  std::deque<Buried> dead_;
  // Keys, and until when each is remembered; and the same in the order of that.
  std::unordered_set<std::string> known_;
  std::multimap<Clock::time_point, std::string> known_until_;
  struct Arrivals {
    Clock::time_point first;
    std::map<std::uint32_t, std::string> results;
  };
  std::map<std::string, Arrivals, std::less<>> groups_;
  std::deque<std::string> groups_in_order_;  // of their first arrival
};

}  // namespace waybill::queue::internal
