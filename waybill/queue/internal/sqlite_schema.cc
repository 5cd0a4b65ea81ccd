#include <string>
#include <thread>

#include <waybill/queue/internal/sqlite_schema.h>

namespace waybill::queue::internal {

namespace {

// "WbQu", in the file's header at offset 68 (SQLite database file format, section 1.3).
constexpr std::int64_t kApplicationId = 0x57625175;

// AUTOINCREMENT: ids must not be used again, because claims to a message are told apart by them.
constexpr const char* kTables = R"(
  CREATE TABLE queues(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE);
  CREATE TABLE messages(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue INTEGER NOT NULL,
    state INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    enqueued_at INTEGER NOT NULL);
  CREATE INDEX messages_by_turn ON messages(queue, state, lane, turn);
  CREATE TABLE payloads(
    id INTEGER PRIMARY KEY,
    headers BLOB NOT NULL,
    body BLOB NOT NULL);
  CREATE TABLE dead_letters(
    id INTEGER PRIMARY KEY,
    queue INTEGER NOT NULL,
    reason TEXT NOT NULL,
    priority INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    enqueued_at INTEGER NOT NULL,
    dead_at INTEGER NOT NULL);
  CREATE INDEX dead_letters_by_time ON dead_letters(queue, dead_at);
  CREATE TABLE deduplication(
    queue INTEGER NOT NULL,
    key TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY(queue, key)) WITHOUT ROWID;
  CREATE TABLE arrivals(
    queue INTEGER NOT NULL,
    team TEXT NOT NULL,
    part INTEGER NOT NULL,
    result BLOB NOT NULL,
    arrived_at INTEGER NOT NULL,
    PRIMARY KEY(queue, team, part)) WITHOUT ROWID;
  CREATE INDEX arrivals_by_time ON arrivals(queue, arrived_at);
  CREATE INDEX deduplication_by_time ON deduplication(queue, until);
)";

// False when it is empty. Within a transaction: another process may be making the tables just now.
bool is_queue_file(Database& database) {
  const std::int64_t application = database.number("PRAGMA application_id");
  const std::int64_t version = database.number("PRAGMA user_version");
  if (application == kApplicationId) {
    if (version == kSchemaVersion) return true;
    throw Error("its schema version is " + std::to_string(version) +
                ", this program knows version " + std::to_string(kSchemaVersion));
  }
  const bool empty = application == 0 && version == 0 &&
                     database.number("SELECT COUNT(*) FROM sqlite_schema") == 0;
  if (empty) return false;
  throw Error("it is a database of something else, expected a queue file or none");
}

bool has_queue_tables(Database& database) {
  const Transaction transaction(database);
  return is_queue_file(database);
}

// SQLite does not wait for others when it changes the journal mode, so that is done here.
void use_write_ahead_log(Database& database, std::chrono::milliseconds busy_timeout) {
  const auto deadline = std::chrono::steady_clock::now() + busy_timeout;
  for (;;) {
    try {
      const std::string mode = database.text("PRAGMA journal_mode = WAL");
      if (mode == "wal") return;
      throw Error("it cannot have a write-ahead log (journal mode is '" + mode + "')");
    } catch (const SqliteError& error) {
      if (!error.busy() || std::chrono::steady_clock::now() >= deadline) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void make_tables(Database& database) {
  Transaction transaction(database);
  if (is_queue_file(database)) return;  // another process was faster
  database.execute(kTables);
  database.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  database.execute(("PRAGMA user_version = " + std::to_string(kSchemaVersion)).c_str());
  transaction.commit();
}

}  // namespace

Database open_queue_file(const std::filesystem::path& file,
                         std::chrono::milliseconds busy_timeout) {
  try {
    Database database(file, busy_timeout);
    const bool has_tables = has_queue_tables(database);
    use_write_ahead_log(database, busy_timeout);
    database.execute("PRAGMA synchronous = FULL");
    if (!has_tables) make_tables(database);
    return database;
  } catch (const Error& error) {
    throw Error("queue file '" + file.string() + "' cannot be used: " + error.what());
  }
}

}  // namespace waybill::queue::internal
