#include "prices.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config_error.h"

namespace backtest {
namespace {

using testing::HasSubstr;

class PricesTest : public testing::Test {
 protected:
  PricesTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "backtest-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~PricesTest() override { std::filesystem::remove_all(folder_); }

  void write(const char* file, const std::string& text) { std::ofstream(folder_ / file) << text; }
  std::string complaint(const std::string& symbol) {
    try {
      load_prices(folder_, symbol);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "none";
  }

  std::filesystem::path folder_;
};

TEST_F(PricesTest, ReadsTheIndexDayByDay) {
  write("sp500-2000.csv",
        "date,open,high,low,close,adjclose,volume\n"
        "2000-01-03,1469.25,1478.0,1438.36,1455.22,1455.22,931800000\n"
        "2000-01-04,1455.22,1455.22,1397.43,1399.42,1399.42,1009000000\n");
  const Prices prices = load_prices(folder_, "SP500");
  ASSERT_EQ(prices.bars.size(), 2U);
  EXPECT_EQ(prices.bars[1].date, "2000-01-04");
  EXPECT_EQ(prices.bars[1].open, 1455.22);
  EXPECT_EQ(prices.bars[1].close, 1399.42);
  EXPECT_EQ(prices.bars_per_year, 252);
}

TEST_F(PricesTest, ReadsAStockMonthByMonth) {
  write("stocks.csv",
        "symbol,date,price\nMSFT,Jan 1 2000,39.81\nMSFT,Dec 1 2000,36.35\nIBM,Jan 1 2000,9\n");
  const Prices prices = load_prices(folder_, "MSFT");
  ASSERT_EQ(prices.bars.size(), 2U);
  EXPECT_EQ(prices.bars[1].date, "2000-12-01");
  EXPECT_EQ(prices.bars[1].open, 36.35);
  EXPECT_EQ(prices.bars_per_year, 12);
}

TEST_F(PricesTest, ErrorsNameFileAndLine) {
  EXPECT_THAT(complaint("GME"), HasSubstr("symbol 'GME' is not known: expected SP500"));
  EXPECT_THAT(complaint("SP500"), HasSubstr("cannot read"));
  write("stocks.csv", "symbol,date,price\nMSFT,Jan 1 2000,39.81\nMSFT,Feb 1 2000,-1\n");
  EXPECT_THAT(complaint("MSFT"), HasSubstr("stocks.csv, line 3: "));
  EXPECT_THAT(complaint("IBM"), HasSubstr("stocks.csv has no prices of IBM"));
  write("stocks.csv", "symbol,date,price\nMSFT,Feb 1 2000,39.81\nMSFT,Jan 1 2000,36\n");
  EXPECT_THAT(complaint("MSFT"), HasSubstr("line 3: expected a later date"));
}

}  // namespace
}  // namespace backtest
