#include "prices.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <string_view>

#include <waybill/error/error.h>

#include "config_error.h"

namespace backtest {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 5> kStocks{"MSFT", "AMZN", "IBM", "GOOG", "AAPL"};

// "Jan 1 2000" as "2000-01-01"; empty for anything else.
std::string iso_date(std::string_view text) {
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(0, 3));
  if (month == kMonths.end() || text.size() != 10 || text.substr(3, 3) != " 1 ") return {};
  return fmt::format("{}-{:02}-01", text.substr(6), month - kMonths.begin() + 1);
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t comma = line.find(',');
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

// Zero for what is no price.
double price_of(std::string_view cell) {
  double price = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), price);
  return error == std::errc() && end == cell.data() + cell.size() && price > 0 ? price : 0;
}

std::filesystem::path price_file(const std::filesystem::path& folder, const std::string& symbol) {
  if (symbol == "SP500") return folder / "sp500-2000.csv";
  if (std::find(kStocks.begin(), kStocks.end(), symbol) != kStocks.end()) {
    return folder / "stocks.csv";
  }
  throw waybill::make_error<ConfigError>(
      "symbol '{}' is not known: expected SP500, MSFT, AMZN, IBM, GOOG or AAPL", symbol);
}

}  // namespace

Prices load_prices(const std::filesystem::path& folder, const std::string& symbol) {
  const std::filesystem::path path = price_file(folder, symbol);
  std::ifstream file(path);
  if (!file) {
    throw waybill::make_error<ConfigError>("cannot read {}: fetch it with data/fetch",
                                           path.string());
  }
  const bool daily = symbol == "SP500";
  Prices prices{.symbol = symbol, .file = path, .bars_per_year = daily ? 252.0 : 12.0, .bars = {}};
  int number = 1;
  std::string line;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    ++number;
    const auto cells = cells_of(line);
    Bar bar;
    if (daily && cells.size() == 7) {
      bar = {std::string(cells[0]), price_of(cells[1]), price_of(cells[4])};
    } else if (!daily && cells.size() == 3) {
      if (cells[0] != symbol) continue;
      bar = {iso_date(cells[1]), price_of(cells[2]), price_of(cells[2])};
    }
    const bool in_order = prices.bars.empty() || prices.bars.back().date < bar.date;
    if (bar.date.empty() || bar.open == 0 || bar.close == 0 || !in_order) {
      throw waybill::make_error<ConfigError>(
          "{}, line {}: expected a later date than before, and prices above zero", path.string(),
          number);
    }
    prices.bars.push_back(std::move(bar));
  }
  if (prices.bars.size() < 2) {
    throw waybill::make_error<ConfigError>("{} has no prices of {}", path.string(), symbol);
  }
  return prices;
}

}  // namespace backtest
