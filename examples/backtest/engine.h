// Engine: one run of a strategy over past prices, as a queue of events.
//
//   const Outcome outcome = simulate(configuration, prices, run.rng("slippage"));
//
// The same configuration, prices and engine of random numbers give the same outcome, to the last
// bit. Any number of runs at the same time.
#pragma once

#include <random>
#include <vector>

#include "configuration.h"
#include "portfolio.h"
#include "prices.h"
#include "statistics.h"

namespace backtest {

struct Outcome {
  std::vector<EquityPoint> curve;  // a point for each close
  Statistics statistics;
};

// Throws ConfigError for a configuration that makes no sense.
Outcome simulate(const Configuration& configuration, const Prices& prices,
                 std::mt19937_64 slippage);

}  // namespace backtest
