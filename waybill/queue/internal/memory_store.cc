#include <algorithm>

#include <waybill/queue/internal/bounded.h>
#include <waybill/queue/internal/memory_store.h>

namespace waybill::queue::internal {

namespace {

// How many are remembered, whole or not: memory is what they are in.
constexpr std::size_t kMostGroups = 100'000;

}  // namespace

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

std::size_t MemoryStore::send(std::span<Message> messages, std::chrono::milliseconds window) {
  // Copied before anything is changed: all or none.
  std::vector<std::shared_ptr<const Message>> batch;
  batch.reserve(messages.size());
  for (Message& message : messages) {
    batch.push_back(std::make_shared<const Message>(std::move(message)));
  }
  const Time enqueued_at = now();
  // A message that is ready needs one taker; of one that is delayed, all who wait need to know.
  const bool one_taker = batch.size() == 1 && batch.front()->delay.count() == 0;
  std::size_t sent = 0;
  {
    const std::lock_guard lock(mutex_);
    const Clock::time_point time = Clock::now();
    for (std::shared_ptr<const Message>& message : batch) {
      if (is_known(*message, time, window)) continue;
      add(std::move(message), enqueued_at);
      ++sent;
    }
  }
  if (sent != 0) one_taker ? changed_.notify_one() : changed_.notify_all();
  return sent;
}

bool MemoryStore::is_known(const Message& message, Clock::time_point now,
                           std::chrono::milliseconds window) {
  if (message.deduplication_key.empty()) return false;
  while (!known_until_.empty() && known_until_.begin()->first <= now) {
    known_.erase(known_until_.begin()->second);
    known_until_.erase(known_until_.begin());
  }
  if (!known_.insert(message.deduplication_key).second) return true;
  known_until_.emplace(now + window, message.deduplication_key);
  return false;
}

void MemoryStore::add(std::shared_ptr<const Message> message, Time enqueued_at) {
  const std::chrono::milliseconds delay = message->delay;
  auto& placed = *entries_.emplace(++last_id_, Entry{std::move(message), enqueued_at}).first;
  if (delay.count() == 0) {
    enter_line(placed);
  } else {
    send_away(placed, State::kDelayed, Clock::now() + delay);
  }
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
  dead_.push_back({{std::to_string(claim.id), entry.message->body, entry.message->headers,
                    std::string(reason), entry.attempts, entry.enqueued_at, now()},
                   entry.message});
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

std::vector<QueuedMessage> MemoryStore::peek(std::size_t max) {
  const std::lock_guard lock(mutex_);
  promote(Clock::now());
  std::vector<QueuedMessage> found;
  const auto add = [&](std::int64_t id, QueuedMessage::State state) {
    const Entry& entry = entries_.find(id)->second;
    found.push_back({std::to_string(id), entry.message->body, entry.message->headers, state,
                     entry.message->priority, entry.attempts, entry.enqueued_at});
  };
  for (const auto& [place, id] : line_) {
    if (found.size() == max) return found;
    add(id, QueuedMessage::State::kReady);
  }
  for (const auto& [state, seen_as] :
       {std::pair(State::kInFlight, QueuedMessage::State::kInFlight),
        std::pair(State::kDelayed, QueuedMessage::State::kDelayed)}) {
    for (const auto& [due, id] : away_) {
      if (found.size() == max) return found;
      if (entries_.find(id)->second.state == state) add(id, seen_as);
    }
  }
  return found;
}

std::vector<DeadLetter> MemoryStore::dead_letters(std::size_t max) {
  const std::lock_guard lock(mutex_);
  std::vector<DeadLetter> letters;
  for (const Buried& buried : dead_) {
    if (letters.size() == max) break;
    letters.push_back(buried.letter);
  }
  return letters;
}

bool MemoryStore::retry_dead_letter(std::string_view id) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = find_dead(id);
    if (found == dead_.end()) return false;
    Message again = *found->message;
    again.delay = {};
    add(std::make_shared<const Message>(std::move(again)), found->letter.enqueued_at);
    dead_.erase(found);
  }
  changed_.notify_one();
  return true;
}

bool MemoryStore::remove_dead_letter(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = find_dead(id);
  if (found == dead_.end()) return false;
  dead_.erase(found);
  return true;
}

std::vector<std::string> MemoryStore::arrive(std::string_view group, std::uint32_t index,
                                             std::uint32_t total, std::string_view result) {
  const std::lock_guard lock(mutex_);
  const Clock::time_point time = Clock::now();
  while (!groups_in_order_.empty() &&
         (groups_in_order_.size() > kMostGroups ||
          groups_.find(groups_in_order_.front())->second.first < time - kArrivalsKept)) {
    groups_.erase(groups_in_order_.front());
    groups_in_order_.pop_front();
  }
  const auto [place, is_new] = groups_.try_emplace(std::string(group), Arrivals{time, {}});
  if (is_new) groups_in_order_.push_back(place->first);
  Arrivals& arrivals = place->second;
  arrivals.results.try_emplace(index, result);
  std::vector<std::string> all;
  if (arrivals.results.size() < total) return all;
  for (const auto& [part, its_result] : arrivals.results) all.push_back(its_result);
  return all;
}

std::deque<MemoryStore::Buried>::iterator MemoryStore::find_dead(std::string_view id) {
  return std::find_if(dead_.begin(), dead_.end(),
                      [id](const Buried& buried) { return buried.letter.id == id; });
}

MemoryStore::Entries::iterator MemoryStore::find(Claim claim) {
  const auto found = entries_.find(claim.id);
  const bool stale = found != entries_.end() && found->second.attempts != claim.attempt;
  return stale ? entries_.end() : found;
}

void MemoryStore::enter_line(Entries::value_type& entry) {
  const Place place(-static_cast<int>(entry.second.message->priority), ++last_place_);
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
