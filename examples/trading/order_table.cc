#include "order_table.h"

#include <stdexcept>

#include <sqlite3.h>

namespace trading {
namespace {

constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS orders ("
    "  id INTEGER PRIMARY KEY,"
    "  symbol TEXT NOT NULL, side TEXT NOT NULL, quantity INTEGER NOT NULL, price REAL NOT NULL,"
    "  status TEXT NOT NULL DEFAULT 'pending', reason TEXT NOT NULL DEFAULT '',"
    "  trace_id TEXT NOT NULL)";

// One statement, run once.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql) : database_(database) {
    if (sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) != SQLITE_OK) fail();
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  Statement& bind(const std::string& text) {
    return check(sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()),
                                   SQLITE_TRANSIENT));
  }
  Statement& bind(std::int64_t number) {
    return check(sqlite3_bind_int64(statement_, ++bound_, number));
  }
  Statement& bind(double number) {
    return check(sqlite3_bind_double(statement_, ++bound_, number));
  }

  // True when there is a row.
  bool step() {
    const int result = sqlite3_step(statement_);
    if (result != SQLITE_ROW && result != SQLITE_DONE) fail();
    return result == SQLITE_ROW;
  }

  std::int64_t number(int column) { return sqlite3_column_int64(statement_, column); }
  double real(int column) { return sqlite3_column_double(statement_, column); }
  std::string text(int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text == nullptr ? "" : text;
  }

 private:
  Statement& check(int result) {
    if (result != SQLITE_OK) fail();
    return *this;
  }
  [[noreturn]] void fail() const {
    throw std::runtime_error(std::string("orders: ") + sqlite3_errmsg(database_));
  }

  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

}  // namespace

void OrderTable::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close(database);
}

OrderTable::OrderTable(const std::string& file) {
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
  const int result = sqlite3_open_v2(file.c_str(), &database, flags, nullptr);
  database_.reset(database);
  if (result != SQLITE_OK) {
    throw std::runtime_error("cannot open the orders in '" + file + "': " + sqlite3_errstr(result));
  }
  sqlite3_busy_timeout(database, 5'000);
  Statement(database, kTable).step();
}

std::int64_t OrderTable::add(const Order& order, const std::string& trace_id) {
  Statement insert(database_.get(),
                   "INSERT INTO orders (symbol, side, quantity, price, trace_id)"
                   " VALUES (?, ?, ?, ?, ?) RETURNING id");
  insert.bind(order.symbol).bind(order.side).bind(order.quantity).bind(order.price).bind(trace_id);
  insert.step();
  const std::int64_t id = insert.number(0);
  insert.step();  // to its end, which commits
  return id;
}

void OrderTable::decide(std::int64_t id, const std::string& status, const std::string& reason) {
  Statement update(database_.get(), "UPDATE orders SET status = ?, reason = ? WHERE id = ?");
  update.bind(status).bind(reason).bind(id).step();
}

std::optional<StoredOrder> OrderTable::find(std::int64_t id) {
  Statement select(database_.get(),
                   "SELECT symbol, side, quantity, price, status, reason, trace_id"
                   " FROM orders WHERE id = ?");
  if (!select.bind(id).step()) return std::nullopt;
  return StoredOrder{.id = id,
                     .order = {.symbol = select.text(0),
                               .side = select.text(1),
                               .quantity = select.number(2),
                               .price = select.real(3)},
                     .status = select.text(4),
                     .reason = select.text(5),
                     .trace_id = select.text(6)};
}

}  // namespace trading
