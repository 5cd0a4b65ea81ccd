#include "statistics.h"

#include <cmath>

#include <gtest/gtest.h>

namespace backtest {
namespace {

std::vector<EquityPoint> curve_of(const std::vector<double>& values) {
  std::vector<EquityPoint> curve;
  for (const double value : values) curve.push_back({"", value});
  return curve;
}

TEST(Statistics, OfAYearThatDoubles) {
  const Statistics statistics = statistics_of(curve_of({100, 150, 200}), 2);
  EXPECT_DOUBLE_EQ(statistics.total_return, 1);
  EXPECT_DOUBLE_EQ(statistics.annual_return, 1);
  EXPECT_DOUBLE_EQ(statistics.max_drawdown, 0);
  // Returns of 1/2 and 1/3: their mean is 5/12, their deviation 1/12.
  EXPECT_NEAR(statistics.sharpe, 5 * std::sqrt(2), 1e-9);
}

TEST(Statistics, DrawdownIsFromAHighToTheLowThatFollows) {
  EXPECT_DOUBLE_EQ(statistics_of(curve_of({50, 100, 60, 120, 90}), 12).max_drawdown, 0.4);
}

TEST(Statistics, WhatDoesNotMoveHasNoSharpeRatio) {
  EXPECT_EQ(statistics_of(curve_of({100, 100, 100}), 252).sharpe, 0);
}

}  // namespace
}  // namespace backtest
