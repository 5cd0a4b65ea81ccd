// OrderTable: the orders in a SQLite file, each with the trace id of the request that placed it.
//
//   sqlite3 orders.db 'SELECT id, symbol, status, reason, trace_id FROM orders'
//
// Thread-safe. Everything throws std::runtime_error, with SQLite's own words, when it fails.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "order.h"

struct sqlite3;

namespace trading {

struct StoredOrder {
  std::int64_t id = 0;
  Order order;
  std::string status;    // "pending", "accepted", "rejected", "failed"
  std::string reason;    // of the last two
  std::string trace_id;  // of the request that placed it
};

class OrderTable {
 public:
  // Makes the file and its table where there are none.
  explicit OrderTable(const std::string& file);

  // A new order, pending; returns its id.
  std::int64_t add(const Order& order, const std::string& trace_id);
  void decide(std::int64_t id, const std::string& status, const std::string& reason);
  std::optional<StoredOrder> find(std::int64_t id);

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace trading
