#include "pricer.h"

#include <utility>

#include <nlohmann/json.hpp>

#include <waybill/async/when_all.h>
#include <waybill/trace/trace.h>

namespace tasks {

using nlohmann::json;
using waybill::task;

Pricer::Pricer(waybill::ThreadPool& pool, std::string prices_url)
    : pool_(pool), prices_url_(std::move(prices_url)) {}

task<Basket> Pricer::price_basket(std::vector<std::string> items) {
  const auto span = waybill::span("price basket", {{"items", items.size()}});
  log_.info("pricing {} items", items.size());
  std::vector<task<PricedItem>> asked;
  for (std::string& item : items) asked.push_back(price_item(std::move(item)));
  Basket basket;
  basket.items = co_await waybill::when_all(std::move(asked));
  for (const PricedItem& each : basket.items) basket.total += each.price;
  log_.info("the basket costs {:.2f}", basket.total);
  co_return basket;
}

task<PricedItem> Pricer::price_item(std::string item) {
  // Open across each co_await: all that is logged below, on whatever thread, is this item's.
  const auto span = waybill::span("price item", {{"item", item}});
  log_.info("asking for the price of {}", item);
  co_await pool_.schedule();  // a thread of its own, so that all items are asked for at once
  const double price = co_await ask(item);
  log_.info("{} costs {:.2f}", item, price);
  co_return PricedItem{std::move(item), price};
}

task<double> Pricer::ask(std::string item) {
  const auto result = client_.get(prices_url_ + "/prices/" + item);
  if (!result.ok()) throw PriceError(result.message);
  if (result.response.status == 404) throw PriceError("nobody sells " + item);
  const json answer = json::parse(result.response.body, nullptr, false);
  if (result.response.status != 200 || !answer.is_object() || !answer.contains("price")) {
    throw PriceError("no price of " + item + ": status " + std::to_string(result.response.status));
  }
  co_return answer.value("price", 0.0);
}

}  // namespace tasks
