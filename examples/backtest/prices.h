// Prices: what one symbol cost, day by day or month by month.
//
//   const Prices prices = load_prices("data/node_modules/vega-datasets/data", "SP500");
//
// SP500 is daily from 2000 to 2020 (sp500-2000.csv); MSFT, AMZN, IBM, GOOG and AAPL are monthly
// from 2000 to 2010 (stocks.csv), with one price a month, which is then both open and close. In US
// dollars, or points of the index. A plain value.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace backtest {

struct Bar {
  std::string date;  // "2008-09-15"
  double open = 0;
  double close = 0;
};

struct Prices {
  std::string symbol;
  std::filesystem::path file;
  double bars_per_year = 252;
  std::vector<Bar> bars;  // oldest first
};

// From the folder that holds both files. Throws ConfigError for a symbol that is not known, and for
// what cannot be read, with file and line.
Prices load_prices(const std::filesystem::path& folder, const std::string& symbol);

}  // namespace backtest
