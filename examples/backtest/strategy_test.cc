#include "strategy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config_error.h"

namespace backtest {
namespace {

using testing::HasSubstr;

// What the strategy says at each close: '+' go in, '-' go out, '.' nothing.
std::string answers(const std::string& name, const Parameters& parameters,
                    const std::vector<double>& closes) {
  const auto strategy = make_strategy(name, parameters);
  std::string text;
  for (const double close : closes) {
    const auto signal = strategy->on_close(close);
    text += !signal ? '.' : signal->position == SignalEvent::Position::kLong ? '+' : '-';
  }
  return text;
}

std::string complaint(const std::string& name, const Parameters& parameters) {
  try {
    make_strategy(name, parameters);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "none";
}

TEST(Crossover, IsInWhileTheFastAverageIsAboveTheSlowOne) {
  EXPECT_EQ(answers("crossover", {{"fast", 1}, {"slow", 3}}, {1, 2, 3, 4, 1, 1, 1, 5}), "..+.-..+");
}

TEST(Crossover, SaysNothingBeforeTheSlowWindowIsFull) {
  EXPECT_EQ(answers("crossover", {{"fast", 1}, {"slow", 5}}, {1, 2, 3, 4}), "....");
}

TEST(Breakout, GoesInAboveTheHighestAndOutBelowTheLowest) {
  EXPECT_EQ(answers("breakout", {{"entry", 3}, {"exit", 2}}, {5, 6, 7, 7, 8, 8, 7, 9, 6}),
            "....+.-+-");
}

TEST(Strategy, RefusesWhatItCannotTradeBy) {
  EXPECT_THAT(complaint("crossover", {{"fast", 50}, {"slow", 50}}),
              HasSubstr("fast = 50 is not valid: expected less than slow, which is 50"));
  EXPECT_THAT(complaint("crossover", {{"fast", 0}, {"slow", 50}}), HasSubstr("expected 1 to"));
  EXPECT_THAT(complaint("crossover", {{"fast", 5}}), HasSubstr("needs the parameter 'slow'"));
  EXPECT_THAT(complaint("breakout", {{"entry", 5}, {"slow", 5}}),
              HasSubstr("no parameter 'slow': expected entry, exit"));
  EXPECT_THAT(complaint("martingale", {}), HasSubstr("expected crossover or breakout"));
}

}  // namespace
}  // namespace backtest
