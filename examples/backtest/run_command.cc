// backtest run: one run, its result and its report.
#include <cstdio>

#include <fmt/format.h>

#include <waybill/error/error.h>

#include "commands.h"
#include "config_error.h"
#include "report.h"
#include "run.h"

namespace backtest {

int run(const Options& options) {
  std::vector<Configuration> configurations = read_configurations(options.config);
  if (configurations.size() != 1) {
    throw waybill::make_error<ConfigError>(
        "{} has {} combinations: expected one; `backtest sweep` runs them all",
        options.config.string(), configurations.size());
  }
  Configuration& configuration = configurations.front();
  configuration.seed = options.seed.value_or(configuration.seed);
  const Prices prices = load_prices(options.data, configuration.symbol);
  const Result result = execute(configuration, prices, options.out);

  const auto report = options.out / (result.run_id + ".html");
  write_report(report, {.id = result.run_id, .prices = prices, .results = {result}});
  const Statistics& statistics = result.outcome.statistics;
  fmt::print("{} on {}: return {:.1f} %, drawdown {:.1f} %, Sharpe {:.2f}, {} fills\n",
             configuration.title(), prices.symbol, 100 * statistics.total_return,
             100 * statistics.max_drawdown, statistics.sharpe, statistics.fills);
  fmt::print("run_id  {}\nresult  {}\nreport  {}\n", result.run_id,
             (options.out / (result.run_id + ".json")).string(), report.string());
  return 0;
}

}  // namespace backtest
