#include "configuration.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config_error.h"

namespace backtest {
namespace {

using testing::HasSubstr;

class ConfigurationTest : public testing::Test {
 protected:
  ConfigurationTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "backtest-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~ConfigurationTest() override { std::filesystem::remove_all(folder_); }

  std::vector<Configuration> read(const std::string& text) {
    std::ofstream(folder_ / "x.toml") << text;
    return read_configurations(folder_ / "x.toml");
  }
  std::string complaint(const std::string& text) {
    try {
      read(text);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "none";
  }

  std::filesystem::path folder_;
};

TEST_F(ConfigurationTest, ListsAreSweptInEveryCombination) {
  const auto all = read(
      "symbol = 'MSFT'\nseed = 7\n[[strategy]]\nname = 'crossover'\nfast = [5, 10]\nslow = 50\n"
      "[[strategy]]\nname = 'breakout'\nentry = 20\nexit = [3, 4]\n");
  std::vector<std::string> titles;
  for (const Configuration& one : all) {
    titles.push_back(one.title());
    EXPECT_EQ(one.symbol, "MSFT");
    EXPECT_EQ(one.seed, 7U);
  }
  EXPECT_THAT(titles, testing::ElementsAre("crossover fast=5 slow=50", "crossover fast=10 slow=50",
                                           "breakout entry=20 exit=3", "breakout entry=20 exit=4"));
}

TEST_F(ConfigurationTest, ErrorsNameTheFileAndWhatIsWrong) {
  EXPECT_THAT(complaint("symbol = \n"), HasSubstr("x.toml, line 1: "));
  EXPECT_THAT(complaint("symbol = 'SP500'\n"), HasSubstr("x.toml: there is no [[strategy]]"));
  EXPECT_THAT(complaint("symbol = 7\n[[strategy]]\n"), HasSubstr("'symbol' is of the wrong type"));
  EXPECT_THAT(complaint("sead = 7\n[[strategy]]\n"), HasSubstr("'sead' is not known"));
  EXPECT_THAT(complaint("[[strategy]]\nfast = [1, 'x']\n"),
              HasSubstr("'fast': expected a whole number, or a list of them"));
}

TEST_F(ConfigurationTest, GoesThroughJsonUnchanged) {
  const Configuration one{.symbol = "IBM",
                          .strategy = "breakout",
                          .parameters = {{"entry", 20}, {"exit", 10}},
                          .capital = 0.1,
                          .commission_bps = 1.0 / 3,
                          .slippage_bps = 7,
                          .seed = 18'446'744'073'709'551'615U};
  const auto text = nlohmann::json(one).dump();
  EXPECT_EQ(nlohmann::json::parse(text).get<Configuration>(), one);
}

}  // namespace
}  // namespace backtest
