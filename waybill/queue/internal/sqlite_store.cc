#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <unistd.h>

#include <waybill/queue/internal/bounded.h>
#include <waybill/queue/internal/header_codec.h>
#include <waybill/queue/internal/sqlite_schema.h>
#include <waybill/queue/internal/sqlite_store.h>

namespace waybill::queue::internal {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How many messages one take() puts back in line at most, which bounds the time it takes.
constexpr std::int64_t kMostPromoted = 1000;

constexpr milliseconds kFirstPause{2};
constexpr milliseconds kLongestPause{20};

std::int64_t number(State state) noexcept {
  return static_cast<std::int64_t>(state);
}
std::int64_t number(Time time) noexcept {
  return time.time_since_epoch().count();
}
Time time_of(std::int64_t value) noexcept {
  return Time(milliseconds(value));
}

std::int64_t limit(std::size_t max) noexcept {
  return static_cast<std::int64_t>(
      std::min<std::size_t>(max, std::numeric_limits<std::int64_t>::max()));
}

std::optional<std::int64_t> parse_id(std::string_view text) noexcept {
  std::int64_t id = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return id;
}

}  // namespace

std::shared_ptr<SqliteStore> SqliteStore::open(const std::filesystem::path& file,
                                               milliseconds busy_timeout) {
  // By process too: a child after fork() must not touch its parent's connection.
  static std::mutex mutex;
  static std::map<std::pair<pid_t, std::filesystem::path>, std::weak_ptr<SqliteStore>> stores;

  std::error_code error;
  const std::filesystem::path path = std::filesystem::weakly_canonical(file, error);
  if (error) throw Error("queue file '" + file.string() + "' cannot be used: " + error.message());
  const std::lock_guard lock(mutex);
  std::erase_if(stores, [](const auto& entry) { return entry.second.expired(); });
  std::weak_ptr<SqliteStore>& place = stores[{getpid(), path}];
  std::shared_ptr<SqliteStore> store = place.lock();
  if (store == nullptr) place = store = std::make_shared<SqliteStore>(path, busy_timeout);
  return store;
}

SqliteStore::SqliteStore(const std::filesystem::path& file, milliseconds busy_timeout)
    : database_(open_queue_file(file, busy_timeout)),
      statements_(database_),
      turnstile_(std::filesystem::path(file) += "-turn") {}

std::optional<std::int64_t> SqliteStore::queue_number(std::string_view name, bool create) {
  const std::lock_guard lock(mutex_);
  const auto find = [&]() -> std::optional<std::int64_t> {
    Rows rows = statements_.queue_number.query(Text{name});
    if (rows.next()) return rows.integer(0);
    return std::nullopt;
  };
  const auto number = find();
  if (number || !create) return number;
  Transaction transaction(database_, turnstile_);
  statements_.insert_queue.run(Text{name});
  const std::int64_t made = find().value();
  transaction.commit();
  return made;
}

std::size_t SqliteStore::send(std::int64_t queue, std::span<const Message> messages,
                              milliseconds window) {
  std::size_t sent = 0;
  writes_.commit([&] {
    const Time time = now();
    std::int64_t turn = last_turn(queue);
    for (const Message& message : messages) {
      if (is_known(queue, message, time, window)) continue;
      const bool ready = message.delay.count() == 0;
      statements_.insert_message.run(queue, number(ready ? State::kReady : State::kDelayed),
                                     ready ? ++turn : number(time + message.delay), number(time),
                                     static_cast<std::int64_t>(message.priority));
      const std::string headers = encode(message.headers);
      statements_.insert_payload.run(database_.last_id(), std::string_view(headers),
                                     std::string_view(message.body));
      ++sent;
    }
    if (sent != 0) tell_waiting();
  });
  return sent;
}

bool SqliteStore::is_known(std::int64_t queue, const Message& message, Time time,
                           milliseconds window) {
  if (message.deduplication_key.empty()) return false;
  statements_.forget_keys.run(queue, number(time));
  statements_.insert_key.run(queue, Text{message.deduplication_key}, number(time + window),
                             number(time));
  return database_.changes() == 0;
}

std::vector<Taken> SqliteStore::take(std::int64_t queue, std::size_t max, milliseconds visibility) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(database_, turnstile_, Durability::kInFile);
  const Time time = now();
  promote(queue, time);
  std::vector<Taken> taken;
  std::vector<std::pair<Claim, const char*>> unreadable;
  {
    Rows rows = statements_.ready.query(queue, limit(max));
    while (rows.next()) {
      const Claim last{rows.integer(0), static_cast<std::uint32_t>(rows.integer(1))};
      std::optional<Headers> headers = decode(rows.bytes(3));
      if (rows.is_null(4)) {
        unreadable.emplace_back(last, "its payload is missing from the queue file");
      } else if (!headers) {
        unreadable.emplace_back(last, "its headers cannot be read");
      } else {
        Message message{std::string(rows.bytes(4)), std::move(*headers)};
        taken.push_back({{last.id, last.attempt + 1},
                         std::make_shared<const Message>(std::move(message)),
                         time_of(rows.integer(2))});
      }
    }
  }
  for (const auto& [claim, reason] : unreadable) bury(claim, reason, time);
  for (const Taken& one : taken) {
    statements_.make_in_flight.run(one.claim.id, number(time + visibility), one.claim.attempt);
  }
  transaction.commit();
  ++our_changes_;
  return taken;
}

std::vector<Settlement> SqliteStore::ack(std::span<const Claim> claims) {
  std::vector<Settlement> outcomes(claims.size(), Settlement::kLost);
  writes_.commit([&] {
    for (std::size_t i = 0; i < claims.size(); ++i) {
      statements_.delete_message.run(claims[i].id, claims[i].attempt);
      if (database_.changes() == 0) continue;
      statements_.delete_payload.run(claims[i].id);
      outcomes[i] = Settlement::kDone;
    }
  });
  return outcomes;
}

bool SqliteStore::retry(std::int64_t queue, Claim claim, milliseconds delay) {
  bool is_ours = false;
  writes_.commit([&] {
    const bool ready = delay.count() == 0;
    const std::int64_t turn = ready ? last_turn(queue) + 1 : number(now() + delay);
    statements_.move.run(claim.id, claim.attempt, number(ready ? State::kReady : State::kDelayed),
                         turn);
    is_ours = database_.changes() != 0;
    if (is_ours) tell_waiting();
  });
  return is_ours;
}

bool SqliteStore::dead_letter(Claim claim, std::string_view reason) {
  bool is_ours = false;
  writes_.commit([&] { is_ours = bury(claim, reason, now()); });
  return is_ours;
}

bool SqliteStore::extend(Claim claim, milliseconds visibility) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(database_, turnstile_, Durability::kInFile);
  statements_.move.run(claim.id, claim.attempt, number(State::kInFlight),
                       number(now() + visibility));
  if (database_.changes() == 0) return false;
  transaction.commit();
  tell_waiting();
  return true;
}

Counts SqliteStore::counts(std::int64_t queue) {
  const std::lock_guard lock(mutex_);
  const auto size = [](const Rows& rows, int column) {
    return static_cast<std::size_t>(rows.integer(column));
  };
  Counts counts;
  {
    Rows rows = statements_.count.query(queue, number(now()));
    rows.next();
    counts = {.ready = size(rows, 0), .delayed = size(rows, 1), .in_flight = size(rows, 2)};
  }
  Rows rows = statements_.count_dead.query(queue);
  rows.next();
  counts.dead = size(rows, 0);
  return counts;
}

std::vector<QueuedMessage> SqliteStore::peek(std::int64_t queue, std::size_t max) {
  const std::lock_guard lock(mutex_);
  const std::int64_t time = number(now());
  std::vector<QueuedMessage> found;
  Rows rows = statements_.peek.query(queue, limit(max));
  while (rows.next()) {
    using Seen = QueuedMessage::State;
    const auto state = static_cast<State>(rows.integer(3));
    const bool due = state == State::kReady || rows.integer(5) <= time;
    found.push_back({std::to_string(rows.integer(0)), std::string(rows.bytes(7)),
                     decode(rows.bytes(6)).value_or(Headers{}),
                     due                        ? Seen::kReady
                     : state == State::kDelayed ? Seen::kDelayed
                                                : Seen::kInFlight,
                     static_cast<Priority>(rows.integer(4)),
                     static_cast<std::uint32_t>(rows.integer(1)), time_of(rows.integer(2))});
  }
  return found;
}

std::vector<std::string> SqliteStore::arrive(std::int64_t queue, std::string_view group,
                                             std::uint32_t index, std::uint32_t total,
                                             std::string_view result) {
  std::vector<std::string> all;
  writes_.commit([&] {
    const Time time = now();
    statements_.forget_arrivals.run(queue, number(time - kArrivalsKept));
    statements_.insert_arrival.run(queue, Text{group}, std::int64_t{index}, result, number(time));
    {
      Rows count = statements_.count_arrivals.query(queue, Text{group});
      if (!count.next() || count.integer(0) < std::int64_t{total}) return;
    }
    Rows rows = statements_.arrivals.query(queue, Text{group});
    while (rows.next()) all.emplace_back(rows.bytes(0));
  });
  return all;
}

bool SqliteStore::retry_dead_letter(std::int64_t queue, std::string_view id) {
  const auto old_id = parse_id(id);
  if (!old_id) return false;
  bool is_there = false;
  writes_.commit([&] {
    statements_.revive_dead.run(*old_id, queue, last_turn(queue) + 1);
    is_there = database_.changes() != 0;
    if (!is_there) return;
    statements_.move_payload.run(*old_id, database_.last_id());
    statements_.delete_dead.run(*old_id, queue);
    tell_waiting();
  });
  return is_there;
}

bool SqliteStore::remove_dead_letter(std::int64_t queue, std::string_view id) {
  const auto number = parse_id(id);
  if (!number) return false;
  bool is_there = false;
  writes_.commit([&] {
    statements_.delete_dead.run(*number, queue);
    is_there = database_.changes() != 0;
    if (is_there) statements_.delete_payload.run(*number);
  });
  return is_there;
}

std::vector<DeadLetter> SqliteStore::dead_letters(std::int64_t queue, std::size_t max) {
  const std::lock_guard lock(mutex_);
  std::vector<DeadLetter> letters;
  Rows rows = statements_.dead_letters.query(queue, limit(max));
  while (rows.next()) {
    letters.push_back({std::to_string(rows.integer(0)), std::string(rows.bytes(6)),
                       decode(rows.bytes(5)).value_or(Headers{}), std::string(rows.bytes(1)),
                       static_cast<std::uint32_t>(rows.integer(2)), time_of(rows.integer(3)),
                       time_of(rows.integer(4))});
  }
  return letters;
}

SqliteStore::Outlook SqliteStore::look(std::int64_t queue) {
  const std::lock_guard lock(mutex_);
  // Before the tables: a change made in between is then seen as one, not missed.
  Outlook outlook{false, Time::max(), our_changes_, file_version()};
  const auto first_turn = [&](State state) -> std::optional<std::int64_t> {
    Rows rows = statements_.first_turn.query(queue, number(state));
    if (!rows.next() || rows.is_null(0)) return std::nullopt;
    return rows.integer(0);
  };
  outlook.ready = first_turn(State::kReady).has_value();
  for (const State state : {State::kDelayed, State::kInFlight}) {
    if (const auto turn = first_turn(state)) outlook.due = std::min(outlook.due, time_of(*turn));
  }
  outlook.ready |= outlook.due <= now();
  return outlook;
}

void SqliteStore::wait(const Outlook& outlook, steady_clock::time_point deadline) {
  if (outlook.due != Time::max()) {
    deadline = std::min(deadline, steady_clock::now() + bounded(outlook.due - now()));
  }
  milliseconds pause = kFirstPause;
  std::unique_lock lock(mutex_);
  while (our_changes_ == outlook.our_changes && file_version() == outlook.file_version) {
    const steady_clock::time_point time = steady_clock::now();
    if (time >= deadline) return;
    changed_.wait_until(lock, std::min(deadline, time + pause));
    pause = std::min(2 * pause, kLongestPause);
  }
}

void SqliteStore::tell_waiting() {
  ++our_changes_;
  changed_.notify_all();
}

std::int64_t SqliteStore::last_turn(std::int64_t queue) {
  Rows rows = statements_.last_turn.query(queue);
  return rows.next() ? rows.integer(0) : 0;
}

void SqliteStore::promote(std::int64_t queue, Time time) {
  std::vector<std::int64_t> ids;
  {
    Rows rows = statements_.due.query(queue, number(time), kMostPromoted);
    while (rows.next()) ids.push_back(rows.integer(0));
  }
  if (ids.empty()) return;
  std::int64_t turn = last_turn(queue);
  for (const std::int64_t id : ids) statements_.make_ready.run(id, ++turn);
}

bool SqliteStore::bury(Claim claim, std::string_view reason, Time time) {
  statements_.insert_dead.run(claim.id, claim.attempt, Text{reason}, number(time));
  if (database_.changes() == 0) return false;
  statements_.delete_message.run(claim.id, claim.attempt);
  return true;
}

std::int64_t SqliteStore::file_version() {
  Rows rows = statements_.data_version.query();
  return rows.next() ? rows.integer(0) : 0;
}

}  // namespace waybill::queue::internal
