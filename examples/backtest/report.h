// Report: the runs of a sweep, or a single one, as one HTML file that needs nothing else: equity
// curves, the drawdown of the best run, a table. Follows the reader's choice of light or dark.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "prices.h"
#include "run.h"

namespace backtest {

struct Report {
  std::string id;  // of the sweep or the run
  const Prices& prices;
  const std::vector<Result>& results;  // the best first; those that failed last
};

// Throws waybill::Error for a file that cannot be written.
void write_report(const std::filesystem::path& file, const Report& report);

// What stands in the file.
std::string report_html(const Report& report);

}  // namespace backtest
