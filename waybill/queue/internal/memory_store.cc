#include <algorithm>

#include <waybill/queue/internal/memory_store.h>

namespace waybill::queue::internal {

std::shared_ptr<MemoryStore> MemoryStore::named(const std::string& name) {
  static std::mutex mutex;
  static std::unordered_map<std::string, std::weak_ptr<MemoryStore>> stores;
  const std::lock_guard lock(mutex);
  std::erase_if(stores, [](const auto& entry) { return entry.second.expired(); });
  std::weak_ptr<MemoryStore>& place = stores[name];
  std::shared_ptr<MemoryStore> store = place.lock();
  if (store == nullptr) place = store = std::make_shared<MemoryStore>();
  return store;
}

void MemoryStore::send(std::span<Message> messages) {
  std::vector<Entry> batch;
  batch.reserve(messages.size());
  const Time enqueued_at = now();
  for (Message& message : messages) {
    batch.push_back({std::make_shared<const Message>(std::move(message)), enqueued_at});
  }
  // A message that is ready needs one taker; of one that is delayed, all who wait need to know.
  const bool one_taker = batch.size() == 1 && batch.front().message->delay.count() == 0;
  {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : batch) {
      auto& placed = *entries_.emplace(++last_id_, std::move(entry)).first;
      const std::chrono::milliseconds delay = placed.second.message->delay;
      if (delay.count() == 0) {
        enter_line(placed);
      } else {
        send_away(placed, State::kDelayed, Clock::now() + delay);
      }
    }
  }
  one_taker ? changed_.notify_one() : changed_.notify_all();
}

std::vector<Taken> MemoryStore::take(std::size_t max, std::chrono::milliseconds wait,
                                     std::chrono::milliseconds visibility) {
  const Clock::time_point deadline = Clock::now() + wait;
  std::unique_lock lock(mutex_);
  if (visibility < shortest_visibility_) {
    shortest_visibility_ = visibility;
    changed_.notify_all();
  }
  for (;;) {
    const Clock::time_point time = Clock::now();
    promote(time);
    if (!line_.empty()) return take_ready(max, time + visibility);
    if (time >= deadline) return {};
    Clock::time_point wake = std::min(deadline, time + shortest_visibility_);
    if (!away_.empty()) wake = std::min(wake, away_.begin()->first);
    changed_.wait_until(lock, wake);
  }
}

std::vector<Taken> MemoryStore::take_ready(std::size_t max, Clock::time_point due) {
  std::vector<Taken> taken;
  taken.reserve(std::min(max, line_.size()));
  while (taken.size() < max && !line_.empty()) {
    auto& entry = *entries_.find(line_.begin()->second);
    send_away(entry, State::kInFlight, due);
    taken.push_back(
        {{entry.first, ++entry.second.attempts}, entry.second.message, entry.second.enqueued_at});
  }
  return taken;
}

bool MemoryStore::ack(Claim claim) {
  const std::lock_guard lock(mutex_);
  const auto found = find(claim);
  if (found == entries_.end()) return false;
  leave(*found);
  entries_.erase(found);
  return true;
}

bool MemoryStore::retry(Claim claim, std::chrono::milliseconds delay) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = find(claim);
    if (found == entries_.end()) return false;
    if (delay.count() == 0) {
      enter_line(*found);
    } else {
      send_away(*found, State::kDelayed, Clock::now() + delay);
    }
  }
  changed_.notify_all();
  return true;
}

bool MemoryStore::dead_letter(Claim claim, std::string_view reason) {
  const std::lock_guard lock(mutex_);
  const auto found = find(claim);
  if (found == entries_.end()) return false;
  const Entry& entry = found->second;
  dead_.push_back({std::to_string(claim.id), entry.message->body, entry.message->headers,
                   std::string(reason), entry.attempts, entry.enqueued_at, now()});
  leave(*found);
  entries_.erase(found);
  return true;
}

bool MemoryStore::extend(Claim claim, std::chrono::milliseconds visibility) {
  const std::lock_guard lock(mutex_);
  const auto found = find(claim);
  if (found == entries_.end()) return false;
  send_away(*found, State::kInFlight, Clock::now() + visibility);
  changed_.notify_all();
  return true;
}

Counts MemoryStore::counts() {
  const std::lock_guard lock(mutex_);
  promote(Clock::now());
  return {.ready = line_.size(),
          .delayed = away_.size() - in_flight_,
          .in_flight = in_flight_,
          .dead = dead_.size()};
}

std::vector<DeadLetter> MemoryStore::dead_letters(std::size_t max) {
  const std::lock_guard lock(mutex_);
  const auto end = dead_.begin() + static_cast<std::ptrdiff_t>(std::min(max, dead_.size()));
  return {dead_.begin(), end};
}

MemoryStore::Entries::iterator MemoryStore::find(Claim claim) {
  const auto found = entries_.find(claim.id);
  const bool stale = found != entries_.end() && found->second.attempts != claim.attempt;
  return stale ? entries_.end() : found;
}

void MemoryStore::enter_line(Entries::value_type& entry) {
  const std::uint64_t place = ++last_place_;
  line_.emplace(place, entry.first);
  leave(entry);
  entry.second.state = State::kReady;
  entry.second.place = place;
}

void MemoryStore::send_away(Entries::value_type& entry, State state, Clock::time_point due) {
  if (entry.second.state != State::kNew && entry.second.due == due) due += Clock::duration(1);
  away_.emplace(due, entry.first);
  leave(entry);
  entry.second.state = state;
  entry.second.due = due;
  if (state == State::kInFlight) ++in_flight_;
}

// Out of whichever set it is in.
void MemoryStore::leave(Entries::value_type& entry) {
  const auto& [id, it] = entry;
  switch (it.state) {
    case State::kNew:
      break;
    case State::kReady:
      line_.erase({it.place, id});
      break;
    case State::kInFlight:
      --in_flight_;
      [[fallthrough]];
    case State::kDelayed:
      away_.erase({it.due, id});
      break;
  }
  entry.second.state = State::kNew;
}

void MemoryStore::promote(Clock::time_point time) {
  while (!away_.empty() && away_.begin()->first <= time) {
    enter_line(*entries_.find(away_.begin()->second));
  }
}

}  // namespace waybill::queue::internal
