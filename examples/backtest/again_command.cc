// backtest again: the same numbers from the metadata of a result, checked to the last bit.
#include <fmt/format.h>

#include <waybill/core/core.h>
#include <waybill/log/log.h>

#include "commands.h"
#include "result_file.h"

namespace backtest {
namespace {

const waybill::Logger logger = waybill::logger("again");

}  // namespace

int again(const Options& options) {
  const SavedResult then = load_result(options.result);
  Configuration configuration = then.configuration;
  configuration.seed = options.seed.value_or(then.run.seed);
  const Prices prices = load_prices(options.data, configuration.symbol);
  const Result result = execute(configuration, prices, options.out);
  const SavedResult now = load_result(options.out / (result.run_id + ".json"));

  // Under the run's own context, which has ended with it.
  const auto scope = waybill::run_scope(now.run);
  fmt::print("run_id  {}\nbefore  {}\n", now.run.run_id, then.run.run_id);
  const auto differences = now.run.differences(then.run);
  for (const std::string& difference : differences) {
    logger.warn({{"action", "compare"}}, "{}", difference);
    fmt::print("differs {}\n", difference);
  }
  if (differences.empty()) {
    fmt::print("differs nothing: code, configuration, prices, seed, machine and versions\n");
  }
  const bool same = now.statistics == then.statistics && now.curve_sha256 == then.curve_sha256;
  logger.info({{"action", "compare"}, {"same", same}, {"run_id_before", then.run.run_id}}, "{}",
              same ? "the same result" : "another result");
  fmt::print("result  {}\n",
             same ? fmt::format("the same, {} points to the last bit (SHA-256 {})",
                                result.outcome.curve.size(), now.curve_sha256.substr(0, 12))
                  : fmt::format("another: return {} instead of {}", now.statistics.total_return,
                                then.statistics.total_return));
  return same ? 0 : 1;
}

}  // namespace backtest
