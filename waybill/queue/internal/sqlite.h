// A thin wrapper over the C interface of SQLite: a connection, prepared statements, transactions.
//
// All are used by one thread at a time. What fails throws SqliteError.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/core/error.h>
#include <waybill/queue/internal/turnstile.h>

struct sqlite3;
struct sqlite3_stmt;

namespace waybill::queue::internal {

class SqliteError : public Error {
 public:
  // Says what SQLite says of its last failure. A null `db` is a connection that could not be made.
  SqliteError(sqlite3* db, int code);

  // Somebody else has the file locked, and the busy time-out has passed.
  bool busy() const noexcept { return busy_; }

 private:
  bool busy_;
};

// Text to bind as TEXT; a bare std::string_view is bound as BLOB.
struct Text {
  std::string_view text;
};

class Database {
 public:
  // Creates the file if there is none. A file that can only be read is refused.
  Database(const std::filesystem::path& path, std::chrono::milliseconds busy_timeout);

  std::chrono::milliseconds busy_timeout() const noexcept { return *busy_timeout_; }
  sqlite3* handle() const noexcept { return handle_.get(); }

  // Any number of statements; rows are ignored.
  void execute(const char* sql);
  // The first column of the first row.
  std::int64_t number(const char* sql);
  std::string text(const char* sql);

  // SQLite ends a transaction by itself after some failures.
  bool in_transaction() const noexcept;
  // Rows that the last INSERT, UPDATE or DELETE changed; the id that the last INSERT gave.
  std::int64_t changes() const noexcept;
  std::int64_t last_id() const noexcept;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  // At a fixed place, where SQLite's busy handler finds it.
  std::unique_ptr<const std::chrono::milliseconds> busy_timeout_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// The rows of a running statement, which is reset at the end. Texts and blobs are valid until the
// next call of next().
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows();

  bool next();
  bool is_null(int column) const noexcept;
  std::int64_t integer(int column) const noexcept;
  std::string_view bytes(int column) const;

 private:
  sqlite3_stmt* statement_;
};

class Statement {
 public:
  Statement(const Database& database, std::string_view sql);
  // Of somebody else's connection.
  Statement(sqlite3* connection, std::string_view sql);

  // Binds the arguments to ?1, ?2, …: integers, Text, std::string_view for a blob. Texts and blobs
  // are not copied: they must live until the rows have been read.
  template <class... Args>
  [[nodiscard]] Rows query(const Args&... args) {
    int index = 0;
    (bind(++index, args), ...);
    return Rows(handle_.get());
  }

  // The same for a statement without rows.
  template <class... Args>
  void run(const Args&... args) {
    query(args...).next();
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const noexcept;
  };

  void bind(int index, std::int64_t value);
  void bind(int index, Text text);
  void bind(int index, std::string_view blob);
  void check(int code) const;

  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// What is left of a transaction when it is committed and the power fails; in both cases the file is
// sound, and the end of the process, however sudden, takes nothing away.
enum class Durability {
  kOnDisk,
  kInFile,  // on the disk with the next one that is
};

// BEGIN IMMEDIATE: from here on nobody else writes to the file. Rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  // Begins when it is this process's turn.
  Transaction(Database& database, Turnstile& turnstile, Durability = Durability::kOnDisk);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  void commit();

 private:
  // While it lives, commits do not wait for the disk.
  class WithoutSync {
   public:
    explicit WithoutSync(Database& database);
    ~WithoutSync();

   private:
    Database& database_;
  };

  Database& database_;
  std::optional<WithoutSync> without_sync_;
};

}  // namespace waybill::queue::internal
