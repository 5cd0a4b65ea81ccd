// SqliteOutbox: an outbox in an SQLite file.
//
//   CREATE TABLE waybill_outbox(
//     id INTEGER PRIMARY KEY AUTOINCREMENT,   -- the order of moving
//     queue TEXT NOT NULL,                    -- which relay moves it
//     trace_id TEXT NOT NULL DEFAULT '',      -- for people, and joins
//     key TEXT NOT NULL                       -- for deduplication, at most 256 bytes
//       DEFAULT (lower(hex(randomblob(16)))),
//     priority INTEGER NOT NULL DEFAULT 1,    -- 0 low, 1 normal, 2 high
//     due_at INTEGER NOT NULL DEFAULT 0,      -- not before; milliseconds since 1970
//     headers TEXT NOT NULL DEFAULT '[]',     -- JSON: [["traceparent", "00-..."], ...]
//     body BLOB NOT NULL,
//     error TEXT)                             -- why it cannot be moved; NULL: try again
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <waybill/outbox/outbox.h>

struct sqlite3;

namespace waybill::outbox {

// Where there is none yet. Throws waybill::Error when the database fails.
void create_table(sqlite3* connection);

// Writes the message as a row, in the transaction that is open on the connection, or else in one of
// its own. It carries the context that is current here. Throws waybill::Error when the database
// fails, for a deduplication key of more than 256 bytes, and for headers that are not UTF-8.
void add(sqlite3* connection, std::string_view queue, const queue::Message& message);

// A connection of its own to the file. Rows that other connections commit are noticed within 20 ms.
// The file is not locked while messages are sent: a second relay of one queue would send them too,
// and the queue would drop those by their keys.
class SqliteOutbox final : public Outbox {
 public:
  // Creates the table where there is none. Throws waybill::Error, which names the file, when it
  // cannot be used.
  SqliteOutbox(const std::filesystem::path& file, std::string queue,
               std::chrono::milliseconds busy_timeout = std::chrono::seconds(5));
  ~SqliteOutbox() override;

  Moved move(std::size_t max, const Send& send) override;
  void wait(std::chrono::milliseconds longest) override;

 private:
  struct Connection;

  const std::string queue_;
  const std::unique_ptr<Connection> connection_;
};

}  // namespace waybill::outbox
