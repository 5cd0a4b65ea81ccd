// The file format of the SQLite queue: how a file is recognised, made and set up.
//
//   queues        id, name
//   messages      one row per message that is not dead: id, queue, state, lane, turn, priority,
//                 attempts, enqueued_at
//   payloads      headers and body, by the message's id. Apart from `messages`, so that what
//                 changes often is small
//   dead_letters  id, queue, reason, priority, attempts, enqueued_at, dead_at; the payload stays
//                 where it was
//   arrivals      queue, team, part, result, arrived_at: Queue::arrive()
//   deduplication queue, key, until: keys that were sent, and how long they are remembered
//
// Times are milliseconds since 1970, UTC. `lane` and then `turn` order the messages of one state:
// of one that is ready, 2 - priority and the place in line, else 0 and the time at which it will
// be.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include <waybill/queue/internal/sqlite.h>

namespace waybill::queue::internal {

// Values of messages.state, as stored.
enum class State : std::int64_t { kReady = 0, kDelayed = 1, kInFlight = 2 };

inline constexpr std::int64_t kSchemaVersion = 2;

// Opens the file, creating it if there is none, with a write-ahead log and synchronous=FULL, and
// makes the tables in an empty one. Throws waybill::Error for a file that cannot be used, holds
// something else, or is another version of this. Several processes may do it to one file at once;
// `busy_timeout` is how long they wait for each other, here and in whatever follows.
Database open_queue_file(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout);

}  // namespace waybill::queue::internal
