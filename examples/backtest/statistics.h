// Statistics: a run's curve in a few numbers. Shares, not per cent: 0.25 is a gain of a quarter.
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "portfolio.h"

namespace backtest {

struct Statistics {
  double total_return = 0;
  double annual_return = 0;  // compounded
  double max_drawdown = 0;   // from a high to the low that follows: 0.3 is a loss of 30 %
  double sharpe = 0;         // of a year, against no interest; 0 where nothing moved
  int fills = 0;
  double costs = 0;     // commission and slippage, in the currency of the capital
  double exposure = 0;  // share of closes at which something was held

  friend bool operator==(const Statistics&, const Statistics&) = default;
};

// What follows from the curve alone. At least two points.
Statistics statistics_of(const std::vector<EquityPoint>& curve, double points_per_year);

// How far each point is below the highest one until then: 0 to 1.
std::vector<double> drawdowns(const std::vector<EquityPoint>& curve);

// For nlohmann::json.
void to_json(nlohmann::json& json, const Statistics& statistics);
void from_json(const nlohmann::json& json, Statistics& statistics);

}  // namespace backtest
