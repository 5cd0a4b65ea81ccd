#include "engine.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/repro/repro.h>

#include "config_error.h"

namespace backtest {
namespace {

// In after the second close, as soon as a close is above the one before; out when one is below.
Configuration breakout() {
  return {.strategy = "breakout",
          .parameters = {{"entry", 1}, {"exit", 1}},
          .capital = 1000,
          .commission_bps = 0,
          .slippage_bps = 0};
}

// Opens and closes, a pair a day.
Prices prices_of(const std::vector<std::pair<double, double>>& days) {
  Prices prices;
  for (const auto& [open, close] : days) {
    prices.bars.push_back({fmt::format("2000-01-{:02}", prices.bars.size() + 1), open, close});
  }
  return prices;
}

std::vector<double> equity(const Configuration& configuration, const Prices& prices,
                           std::uint64_t seed = 1) {
  std::vector<double> values;
  for (const auto& point : simulate(configuration, prices, waybill::rng(seed, "slippage")).curve) {
    values.push_back(point.equity);
  }
  return values;
}

Prices random_prices(std::uint64_t seed, std::size_t count) {
  auto random = waybill::rng(seed, "prices");
  std::vector<std::pair<double, double>> days;
  for (std::size_t i = 0; i < count; ++i) {
    days.emplace_back(50 + static_cast<double>(random() % 50),
                      50 + static_cast<double>(random() % 50));
  }
  return prices_of(days);
}

TEST(Engine, FillsAtTheNextOpenNotAtTheCloseThatDecided) {
  // The second close says in: bought at 20, the third day's open, not at 12. 50 units.
  const auto values = equity(breakout(), prices_of({{10, 10}, {10, 12}, {20, 22}, {23, 24}}));
  EXPECT_EQ(values, (std::vector<double>{1000, 1000, 1100, 1200}));
}

TEST(Engine, NeverLooksAhead) {
  Configuration costly = breakout();
  costly.slippage_bps = 20;
  const Prices one = random_prices(1, 200);
  Prices other = random_prices(2, 200);
  std::copy_n(one.bars.begin(), 120, other.bars.begin());
  auto a = equity(costly, one);
  auto b = equity(costly, other);
  EXPECT_NE(a, b);
  a.resize(120);
  b.resize(120);
  EXPECT_EQ(a, b);
}

TEST(Engine, TakesCommissionFromEachFill) {
  Configuration costly = breakout();
  costly.commission_bps = 100;
  // 49 units of 20 cost 980 and 9.80; sold at 30 they bring 1470, less 14.70.
  const Outcome outcome =
      simulate(costly, prices_of({{10, 10}, {10, 12}, {20, 22}, {23, 21}, {30, 30}}),
               waybill::rng(1, "slippage"));
  EXPECT_NEAR(outcome.curve.back().equity, 1000 - 980 - 9.8 + 1470 - 14.7, 1e-9);
  EXPECT_NEAR(outcome.statistics.costs, 24.5, 1e-9);
  EXPECT_EQ(outcome.statistics.fills, 2);
  EXPECT_EQ(outcome.statistics.exposure, 0.4);
}

TEST(Engine, SlippageIsDrawnFromTheSeedAndNeverOfAdvantage) {
  Configuration slipping = breakout();
  slipping.slippage_bps = 50;
  const Prices prices = random_prices(3, 300);
  const auto with_seed = [&](std::uint64_t seed) { return equity(slipping, prices, seed); };
  EXPECT_EQ(with_seed(1), with_seed(1));
  EXPECT_NE(with_seed(1), with_seed(2));
  EXPECT_LT(with_seed(1).back(), equity(breakout(), prices).back());
}

TEST(Engine, ConfigErrorsKnowTheRunTheyWereRaisedIn) {
  Configuration wrong = breakout();
  wrong.capital = 0;
  const auto run = waybill::ReproContext::begin({.kind = "backtest"});
  try {
    const auto scope = waybill::run_scope(run);
    simulate(wrong, prices_of({{1, 1}, {1, 1}}), run.rng("slippage"));
    FAIL() << "expected a ConfigError";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.raised_in().trace_name(), run.run_id);
    EXPECT_EQ(error.raised_in().fields().begin()->value.as_string(), run.run_id);
    EXPECT_THAT(error.what(), testing::HasSubstr("capital = 0 is not valid"));
  }
}

}  // namespace
}  // namespace backtest
