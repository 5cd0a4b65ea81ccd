#include <algorithm>
#include <thread>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/outbox/internal/batch.h>
#include <waybill/outbox/internal/row.h>
#include <waybill/outbox/sqlite_outbox.h>
#include <waybill/queue/internal/bounded.h>
#include <waybill/queue/internal/sqlite.h>

namespace waybill::outbox {
namespace {

using queue::internal::Database;
using queue::internal::Rows;
using queue::internal::Statement;
using queue::internal::Text;
using std::chrono::milliseconds;

constexpr milliseconds kPause{20};

constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS waybill_outbox("
    "id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, "
    "trace_id TEXT NOT NULL DEFAULT '', "
    "key TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))), "
    "priority INTEGER NOT NULL DEFAULT 1, due_at INTEGER NOT NULL DEFAULT 0, "
    "headers TEXT NOT NULL DEFAULT '[]', body BLOB NOT NULL, error TEXT)";
constexpr const char* kIndex =
    "CREATE INDEX IF NOT EXISTS waybill_outbox_by_queue ON waybill_outbox(queue, id) "
    "WHERE error IS NULL";

std::int64_t milliseconds_since_1970() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

Database open_file(const std::filesystem::path& file, milliseconds busy_timeout) {
  try {
    Database database(file, busy_timeout);
    create_table(database.handle());
    return database;
  } catch (const Error& error) {
    throw Error("outbox file '" + file.string() + "' cannot be used: " + error.what());
  }
}

}  // namespace

void create_table(sqlite3* connection) {
  Statement(connection, kTable).run();
  Statement(connection, kIndex).run();
}

void add(sqlite3* connection, std::string_view queue, const queue::Message& message) {
  const internal::NewRow row = internal::row_of(message);
  const milliseconds delay = queue::internal::bounded(message.delay);
  const std::int64_t due_at = delay.count() == 0 ? 0 : milliseconds_since_1970() + delay.count();
  Statement insert(connection,
                   "INSERT INTO waybill_outbox(queue, trace_id, key, priority, due_at, headers, "
                   "body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  insert.run(Text{queue}, Text{row.trace}, Text{row.key},
             static_cast<std::int64_t>(message.priority), due_at, Text{row.headers},
             std::string_view(message.body));
}

struct SqliteOutbox::Connection {
  Connection(const std::filesystem::path& file, milliseconds busy_timeout)
      : database(open_file(file, busy_timeout)) {}

  Database database;
  Statement oldest{database,
                   "SELECT id, key, priority, due_at, headers, body FROM waybill_outbox "
                   "WHERE queue = ?1 AND error IS NULL ORDER BY id LIMIT ?2"};
  Statement remove{database, "DELETE FROM waybill_outbox WHERE id = ?1"};
  Statement refuse{database, "UPDATE waybill_outbox SET error = ?2 WHERE id = ?1"};
  Statement version{database, "PRAGMA data_version"};
  std::int64_t seen_version = -1;
};

SqliteOutbox::SqliteOutbox(const std::filesystem::path& file, std::string queue,
                           milliseconds busy_timeout)
    : queue_(std::move(queue)), connection_(std::make_unique<Connection>(file, busy_timeout)) {}
SqliteOutbox::~SqliteOutbox() = default;

Outbox::Moved SqliteOutbox::move(std::size_t max, const Send& send) {
  Connection& connection = *connection_;
  internal::Batch batch;
  {
    // Before the rows: what is committed in between is then looked for again.
    Rows version = connection.version.query();
    if (version.next()) connection.seen_version = version.integer(0);
  }
  {
    const std::int64_t now = milliseconds_since_1970();
    Rows rows = connection.oldest.query(Text{queue_}, static_cast<std::int64_t>(max));
    while (rows.next()) {
      batch.add(rows.integer(0), rows.bytes(5), rows.bytes(4), rows.bytes(1), rows.integer(2),
                milliseconds(std::max(rows.integer(3), now) - now));
    }
  }
  batch.move(send);
  if (batch.changes_nothing()) return {};
  queue::internal::Transaction transaction(connection.database);
  for (const std::int64_t id : batch.sent()) connection.remove.run(id);
  for (const auto& [id, why] : batch.refused()) connection.refuse.run(id, Text{why});
  transaction.commit();
  return batch.moved();
}

void SqliteOutbox::wait(milliseconds longest) {
  Connection& connection = *connection_;
  const auto deadline = std::chrono::steady_clock::now() + longest;
  for (;;) {
    {
      Rows version = connection.version.query();
      if (version.next() && version.integer(0) != connection.seen_version) return;
    }
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= milliseconds(0)) return;
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kPause));
  }
}

}  // namespace waybill::outbox
