#include "result_file.h"

#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config_error.h"

namespace backtest {
namespace {

class ResultFileTest : public testing::Test {
 protected:
  ResultFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "backtest-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    std::ofstream(folder_ / "prices.csv") << "these stand for prices";
    prices_.file = folder_ / "prices.csv";
    for (int i = 0; i < 50; ++i) {
      const double price = 100.0 / 3 + (i * 7) % 11;
      prices_.bars.push_back({fmt::format("2000-01-{:02}", i), price, price});
    }
  }
  ~ResultFileTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  Prices prices_;
  Configuration configuration_{.strategy = "breakout",
                               .parameters = {{"entry", 2}, {"exit", 2}},
                               .slippage_bps = 20,
                               .seed = 9};
};

TEST_F(ResultFileTest, SaysAllThatIsNeededToHaveTheSameOnceMore) {
  const Result first = execute(configuration_, prices_, folder_);
  const SavedResult saved = load_result(folder_ / (first.run_id + ".json"));
  EXPECT_EQ(saved.run.run_id, first.run_id);
  EXPECT_EQ(saved.run.seed, 9U);
  EXPECT_EQ(saved.configuration, configuration_);
  EXPECT_EQ(saved.statistics, first.outcome.statistics);

  const Result second = execute(saved.configuration, prices_, folder_);
  const SavedResult again = load_result(folder_ / (second.run_id + ".json"));
  EXPECT_NE(again.run.run_id, saved.run.run_id);
  EXPECT_EQ(again.curve_sha256, saved.curve_sha256);
  EXPECT_THAT(again.run.differences(saved.run), testing::IsEmpty());
}

TEST_F(ResultFileTest, AnotherSeedIsAnotherResult) {
  const Result first = execute(configuration_, prices_, folder_);
  configuration_.seed = 10;
  const Result second = execute(configuration_, prices_, folder_);
  EXPECT_NE(load_result(folder_ / (second.run_id + ".json")).curve_sha256,
            load_result(folder_ / (first.run_id + ".json")).curve_sha256);
}

TEST_F(ResultFileTest, RefusesWhatIsNoResult) {
  EXPECT_THROW(load_result(folder_ / "missing.json"), ConfigError);
  EXPECT_THROW(load_result(folder_ / "prices.csv"), ConfigError);
}

}  // namespace
}  // namespace backtest
