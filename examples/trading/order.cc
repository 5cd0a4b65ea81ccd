#include "order.h"

#include <algorithm>

namespace trading {
namespace {

using nlohmann::json;

constexpr std::int64_t kMaxQuantity = 1'000'000;
constexpr double kMaxPrice = 1'000'000;

std::string text_of(const json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

double number_of(const json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_number() ? member->get<double>() : 0;
}

}  // namespace

bool is_symbol(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

ParsedOrder parse_order(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return {{}, "the body must be a JSON object"};

  const Order order{.symbol = text_of(object, "symbol"),
                    .side = text_of(object, "side"),
                    .quantity = static_cast<std::int64_t>(
                        std::clamp(number_of(object, "quantity"), 0.0, kMaxQuantity + 1.0)),
                    .price = number_of(object, "price")};
  if (!is_symbol(order.symbol)) return {{}, "symbol must be 1 to 5 capital letters"};
  if (order.side != "buy" && order.side != "sell") return {{}, "side must be buy or sell"};
  if (order.quantity < 1 || order.quantity > kMaxQuantity) {
    return {{}, "quantity must be 1 to " + std::to_string(kMaxQuantity)};
  }
  if (!(order.price > 0 && order.price <= kMaxPrice)) {
    return {{}, "price must be above 0, and at most a million"};
  }
  return {order, {}};
}

nlohmann::json to_json(const Order& order) {
  return {{"symbol", order.symbol},
          {"side", order.side},
          {"quantity", order.quantity},
          {"price", order.price}};
}

}  // namespace trading
