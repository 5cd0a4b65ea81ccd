// Model: what the closing prices of a symbol say about how much it moves; Models: those that have
// been loaded.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include <waybill/log/log.h>

namespace trading {

struct Model {
  double volatility = 0;  // standard deviation of a day's return
  std::size_t closes = 0;
};

// From lines `date,close`, the first of which is a heading. Empty where the file is not there, or
// has fewer than three prices.
std::optional<Model> read_model(const std::string& file);

// A store that answers late for one symbol, as if its model came from afar.
struct SlowStore {
  std::string symbol;
  std::chrono::milliseconds delay{0};
};

// Thread-safe.
class Models {
 public:
  Models(std::string folder, SlowStore slow);

  // Loads the model when it is asked for the first time. `symbol` is one (order.h).
  boost::asio::awaitable<std::optional<Model>> get(std::string symbol);

 private:
  std::optional<Model> find(const std::string& symbol);

  const waybill::Logger log_ = waybill::logger("models");
  const std::string folder_;
  const SlowStore slow_;
  std::mutex mutex_;
  std::map<std::string, Model> loaded_;
};

}  // namespace trading
