// Pricer: what the items of a basket cost. One coroutine gathers many, each of which asks the
// service `tasks-prices`.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <waybill/async/task.h>
#include <waybill/async/thread_pool.h>
#include <waybill/error/error.h>
#include <waybill/http/client.h>
#include <waybill/log/log.h>

namespace tasks {

struct PricedItem {
  std::string item;
  double price = 0;
};

struct Basket {
  std::vector<PricedItem> items;
  double total = 0;
};

// Knows the span that it was raised under, also where another coroutine catches it.
class PriceError : public waybill::WithContext<std::runtime_error> {
  using WithContext::WithContext;
};

// Must outlive its tasks. Thread-safe.
class Pricer {
 public:
  Pricer(waybill::ThreadPool& pool, std::string prices_url);

  // Throws PriceError where an item has no price.
  waybill::task<Basket> price_basket(std::vector<std::string> items);

 private:
  waybill::task<PricedItem> price_item(std::string item);
  waybill::task<double> ask(std::string item);

  const waybill::Logger log_ = waybill::logger("pricer");
  waybill::ThreadPool& pool_;
  const std::string prices_url_;
  waybill::http::Client client_;
};

}  // namespace tasks
