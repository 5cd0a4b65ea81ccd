// Order: what a client wants to trade, as the gateway and the risk manager read it.
//
//   {"symbol": "ACME", "side": "buy", "quantity": 100, "price": 42.5}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace trading {

struct Order {
  std::string symbol;  // 1 to 5 capital letters
  std::string side;    // "buy", "sell"
  std::int64_t quantity = 0;
  double price = 0;
};

struct ParsedOrder {
  std::optional<Order> order;
  std::string error;  // what would be right, where there is no order
};

ParsedOrder parse_order(std::string_view json);

nlohmann::json to_json(const Order& order);

bool is_symbol(std::string_view text);

}  // namespace trading
