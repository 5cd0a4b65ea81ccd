// Portfolio: the money, the units, and what both were worth at each close.
//
// All the money goes in, or comes out. Of one run, and one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "event.h"

namespace backtest {

struct EquityPoint {
  std::string date;
  double equity = 0;

  friend bool operator==(const EquityPoint&, const EquityPoint&) = default;
};

class Portfolio {
 public:
  explicit Portfolio(double capital) : cash_(capital) {}

  void on_close(const MarketEvent& close);
  std::optional<OrderEvent> on_signal(const SignalEvent& signal) const;
  void on_fill(const FillEvent& fill);

  double cash() const { return cash_; }
  int fills() const { return fills_; }
  double costs() const { return costs_; }       // commission and slippage
  int closes_in() const { return closes_in_; }  // at how many closes units were held
  const std::vector<EquityPoint>& curve() const { return curve_; }

 private:
  double cash_;
  double units_ = 0;
  int fills_ = 0;
  double costs_ = 0;
  int closes_in_ = 0;
  std::vector<EquityPoint> curve_;
};

}  // namespace backtest
