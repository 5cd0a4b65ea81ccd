// Broker: fills orders at the next open, for a commission, and never quite at the market's price.
//
// How much worse it is for each fill is drawn from the run's seed, evenly between nothing and twice
// the mean. Of one run, and one thread.
#pragma once

#include <optional>
#include <random>

#include "configuration.h"
#include "event.h"

namespace backtest {

class Broker {
 public:
  // Throws ConfigError for costs below zero or beyond 1,000 bps.
  Broker(const Configuration& configuration, std::mt19937_64 slippage);

  // Replaces an order that has not been filled.
  void on_order(const OrderEvent& order) { order_ = order; }
  // Nothing where there is no order, or too little money for one unit.
  std::optional<FillEvent> on_open(const MarketEvent& open);

 private:
  // Of the price, from 0 to twice the mean.
  double draw_slippage();

  double commission_;  // shares of what is traded
  double mean_slippage_;
  std::mt19937_64 random_;
  std::optional<OrderEvent> order_;
};

}  // namespace backtest
