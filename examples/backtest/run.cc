#include "run.h"

#include <chrono>
#include <cmath>

#include <waybill/core/core.h>
#include <waybill/core/export.h>
#include <waybill/log/log.h>
#include <waybill/metrics/metrics.h>
#include <waybill/repro/repro.h>

#include "result_file.h"

namespace backtest {
namespace {

using std::chrono::steady_clock;

const waybill::Logger logger = waybill::logger("run");

waybill::ReproContext begin(const Configuration& configuration, const Prices& prices) {
  return waybill::ReproContext::begin({.kind = "backtest",
                                       .name = configuration.strategy,
                                       .seed = configuration.seed,
                                       .configuration = nlohmann::json(configuration).dump(),
                                       .inputs = {prices.file},
                                       .source_folder = BACKTEST_SOURCE_DIR});
}

// Each measurement is made within the run's context: the exemplars lead to its log lines.
void measure(const Configuration& configuration, const char* outcome, double seconds) {
  static const waybill::Meter meter("backtest");
  static const waybill::Counter runs = meter.counter(
      "backtest.runs", {.unit = "{run}", .description = "Runs, by strategy and outcome."});
  static const waybill::Histogram duration = meter.histogram(
      "backtest.run.duration",
      {.unit = "s", .description = "How long the runs took.", .bounds = {0.001, 0.01, 0.1, 1, 10}});
  runs.add(1, {{"strategy", configuration.strategy}, {"outcome", outcome}});
  duration.record(seconds, {{"strategy", configuration.strategy}});
}

// What people read in a log; the result file has it to the last bit.
double rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

}  // namespace

Result execute(const Configuration& configuration, const Prices& prices,
               const std::filesystem::path& folder) {
  const waybill::ReproContext run = begin(configuration, prices);
  const auto scope = waybill::run_scope(run);  // from here on, all that happens has the run_id
  Result result{.run_id = run.run_id,
                .trace_id = waybill::export_fields()["trace_id"],
                .configuration = configuration,
                .outcome = {}};
  logger.info({{"action", "begin"}, {"symbol", prices.symbol}, {"seed", run.seed}}, "{}",
              configuration.title());
  const auto start = steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(steady_clock::now() - start).count();
  };
  try {
    result.outcome = simulate(configuration, prices, run.rng("slippage"));
  } catch (...) {
    measure(configuration, "failed", elapsed());
    throw;
  }
  measure(configuration, "done", elapsed());
  save_result(run, result, folder);

  const Statistics& statistics = result.outcome.statistics;
  logger.info({{"action", "done"},
               {"total_return", rounded(statistics.total_return)},
               {"max_drawdown", rounded(statistics.max_drawdown)},
               {"sharpe", rounded(statistics.sharpe)},
               {"fills", statistics.fills}},
              "return {:.1f} %, drawdown {:.1f} %, Sharpe {:.2f}", 100 * statistics.total_return,
              100 * statistics.max_drawdown, statistics.sharpe);
  return result;
}

}  // namespace backtest
