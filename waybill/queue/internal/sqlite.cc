#include <new>

#include <sqlite3.h>

#include <waybill/queue/internal/sqlite.h>

namespace waybill::queue::internal {

namespace {

constexpr int kPrimaryCode = 0xff;

// SQLite binds NULL for a null pointer, which is where an empty view may point.
const char* start_of(std::string_view bytes) noexcept {
  return bytes.data() != nullptr ? bytes.data() : "";
}

// SQLite's own handler pauses for up to 100 ms between two tries, while others come and go.
int wait_while_busy(void* busy_timeout, int tries) {
  thread_local std::chrono::steady_clock::time_point deadline;
  const auto time = std::chrono::steady_clock::now();
  if (tries == 0) deadline = time + *static_cast<const std::chrono::milliseconds*>(busy_timeout);
  if (time >= deadline) return 0;
  pause_before_retry(tries);
  return 1;
}

std::string describe(sqlite3* db, int code) {
  std::string text = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  return text.append(" (SQLite code ").append(std::to_string(code)).append(")");
}

}  // namespace

SqliteError::SqliteError(sqlite3* db, int code)
    : Error(describe(db, code)), busy_((code & kPrimaryCode) == SQLITE_BUSY) {}

Database::Database(const std::filesystem::path& path, std::chrono::milliseconds busy_timeout)
    : busy_timeout_(std::make_unique<const std::chrono::milliseconds>(busy_timeout)) {
  sqlite3* opened = nullptr;
  constexpr int kFlags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &opened, kFlags, nullptr);
  handle_.reset(opened);
  if (code != SQLITE_OK) throw SqliteError(opened, code);
  // SQLite opens for reading alone what it may not write to.
  if (sqlite3_db_readonly(opened, "main") != 0) throw SqliteError(nullptr, SQLITE_READONLY);
  sqlite3_busy_handler(opened, wait_while_busy,
                       const_cast<std::chrono::milliseconds*>(busy_timeout_.get()));
}

void Database::Close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

void Database::execute(const char* sql) {
  const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw SqliteError(handle(), code);
}

std::int64_t Database::number(const char* sql) {
  Statement statement(*this, sql);
  Rows rows = statement.query();
  return rows.next() ? rows.integer(0) : 0;
}

std::string Database::text(const char* sql) {
  Statement statement(*this, sql);
  Rows rows = statement.query();
  return rows.next() ? std::string(rows.bytes(0)) : std::string();
}

bool Database::in_transaction() const noexcept {
  return sqlite3_get_autocommit(handle()) == 0;
}
std::int64_t Database::changes() const noexcept {
  return sqlite3_changes64(handle());
}
std::int64_t Database::last_id() const noexcept {
  return sqlite3_last_insert_rowid(handle());
}

Rows::~Rows() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SqliteError(sqlite3_db_handle(statement_), code);
}

bool Rows::is_null(int column) const noexcept {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Rows::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (data != nullptr) return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
  // Null stands for no bytes, and for no memory.
  if (sqlite3_errcode(sqlite3_db_handle(statement_)) == SQLITE_NOMEM) throw std::bad_alloc();
  return {};
}

Statement::Statement(const Database& database, std::string_view sql)
    : Statement(database.handle(), sql) {}

Statement::Statement(sqlite3* connection, std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code != SQLITE_OK) throw SqliteError(connection, code);
  handle_.reset(prepared);
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const noexcept {
  sqlite3_finalize(handle);
}

void Statement::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), index, value));
}

void Statement::bind(int index, Text text) {
  check(sqlite3_bind_text64(handle_.get(), index, start_of(text.text), text.text.size(),
                            SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, std::string_view blob) {
  check(sqlite3_bind_blob64(handle_.get(), index, start_of(blob), blob.size(), SQLITE_STATIC));
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) throw SqliteError(sqlite3_db_handle(handle_.get()), code);
}

Transaction::WithoutSync::WithoutSync(Database& database) : database_(database) {
  database_.execute("PRAGMA synchronous = NORMAL");
}

Transaction::WithoutSync::~WithoutSync() {
  sqlite3_exec(database_.handle(), "PRAGMA synchronous = FULL", nullptr, nullptr, nullptr);
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::Transaction(Database& database, Turnstile& turnstile, Durability durability)
    : database_(database) {
  turnstile.enter(database.busy_timeout());
  struct Leave {
    ~Leave() { turnstile.leave(); }
    Turnstile& turnstile;
  } leave{turnstile};
  if (durability == Durability::kInFile) without_sync_.emplace(database);
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (database_.in_transaction()) {
    sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
}

}  // namespace waybill::queue::internal
