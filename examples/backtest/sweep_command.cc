// backtest sweep: every combination, in parallel, under one trace; each is a run with its own
// run_id.
#include <algorithm>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include <waybill/async/thread_pool.h>
#include <waybill/core/core.h>
#include <waybill/core/export.h>
#include <waybill/error/error.h>
#include <waybill/log/log.h>
#include <waybill/metrics/metrics.h>
#include <waybill/repro/repro.h>

#include "commands.h"
#include "report.h"
#include "run.h"

namespace backtest {
namespace {

const waybill::Logger logger = waybill::logger("sweep");

waybill::ReproContext begin(const Options& options, const Prices& prices, std::uint64_t seed) {
  return waybill::ReproContext::begin({.kind = "sweep",
                                       .name = options.config.stem().string(),
                                       .seed = seed,
                                       .inputs = {options.config, prices.file},
                                       .source_folder = BACKTEST_SOURCE_DIR});
}

// The result of a run, or that of a run that failed: the error knows which one it was, although it
// is caught on another thread, under the context of the sweep.
Result take(waybill::Future<Result>& future, const Configuration& configuration) {
  try {
    return future.get();
  } catch (const std::exception& error) {
    logger.error({{"action", "failed"}}, "{}: {}", configuration.title(), error);
    auto raised = waybill::export_fields(waybill::context_of(error));
    return {.run_id = raised["run_id"],
            .trace_id = raised["trace_id"],
            .configuration = configuration,
            .outcome = {},
            .error = error.what()};
  }
}

std::vector<Result> execute_all(const std::vector<Configuration>& configurations,
                                const Prices& prices, const Options& options) {
  waybill::ThreadPool pool({.threads = options.threads, .name = "backtest"});
  std::vector<waybill::Future<Result>> futures;
  for (const Configuration& configuration : configurations) {
    futures.push_back(pool.submit([&] {
      const waybill::Scope hop{waybill::Context::current().child()};  // a branch of the sweep's
      return execute(configuration, prices, options.out);
    }));
  }
  std::vector<Result> results;
  for (std::size_t i = 0; i < futures.size(); ++i) {
    results.push_back(take(futures[i], configurations[i]));
  }
  return results;
}

// The best first, by their Sharpe ratio; those that failed last.
void rank(std::vector<Result>& results) {
  std::stable_sort(results.begin(), results.end(), [](const Result& a, const Result& b) {
    if (a.error.empty() != b.error.empty()) return a.error.empty();
    return a.outcome.statistics.sharpe > b.outcome.statistics.sharpe;
  });
}

void print(const std::vector<Result>& results) {
  fmt::print("\n{:<28} {:>9} {:>9} {:>7} {:>6}  {}\n", "run", "return", "drawdown", "Sharpe",
             "fills", "run_id");
  for (const Result& result : results) {
    const std::string title = result.configuration.title();
    const Statistics& statistics = result.outcome.statistics;
    if (!result.error.empty()) {
      fmt::print("{:<28} failed: {}\n{:65}{}\n", title, result.error, "", result.run_id);
      continue;
    }
    fmt::print("{:<28} {:>7.1f} % {:>7.1f} % {:>7.2f} {:>6}  {}\n", title,
               100 * statistics.total_return, 100 * statistics.max_drawdown, statistics.sharpe,
               statistics.fills, result.run_id);
  }
}

}  // namespace

int sweep(const Options& options) {
  std::vector<Configuration> configurations = read_configurations(options.config);
  for (auto& configuration : configurations) {
    configuration.seed = options.seed.value_or(configuration.seed);
  }
  const Prices prices = load_prices(options.data, configurations.front().symbol);
  const waybill::ReproContext all = begin(options, prices, configurations.front().seed);
  const auto scope = waybill::run_scope(all);  // a trace of that name, which all runs belong to
  logger.info({{"action", "begin"}, {"runs", configurations.size()}, {"symbol", prices.symbol}},
              "{} runs", configurations.size());

  std::vector<Result> results = execute_all(configurations, prices, options);
  rank(results);
  const auto failed = std::count_if(results.begin(), results.end(),
                                    [](const Result& result) { return !result.error.empty(); });
  const auto report = options.out / (all.run_id + ".html");
  const auto metrics = options.out / (all.run_id + ".metrics.txt");
  write_report(report, {.id = all.run_id, .prices = prices, .results = results});
  std::ofstream(metrics) << waybill::prometheus_exposition("application/openmetrics-text").body;
  all.save(options.out / (all.run_id + ".json"));
  logger.info({{"action", "done"}, {"failed", failed}, {"report", report.string()}},
              "the best is {}", results.front().configuration.title());

  print(results);
  fmt::print("\ntrace   {}\nreport  {}\nmetrics {}\n", all.run_id, report.string(),
             metrics.string());
  return failed == static_cast<std::ptrdiff_t>(results.size()) ? 1 : 0;
}

}  // namespace backtest
