// A run that can be told apart, found again, and repeated.
#include <filesystem>
#include <string>

#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/repro/repro.h>

namespace {

const auto logger = waybill::logger("backtest");

double simulate(const waybill::ReproContext& run) {
  const auto scope = waybill::run_scope(run);  // from here on every line has the run_id
  auto shuffle = run.rng("shuffle");           // a stream of its own for each use
  auto noise = run.rng("noise");
  logger.info("shuffle {}, noise {}", shuffle() % 1000, noise() % 1000);
  return static_cast<double>(noise() >> 11) * 0x1p-53;
}

}  // namespace

int main() {
  const waybill::Scope scope{waybill::Context::new_trace({.name = "nightly"})};
  waybill::ReproOptions options{.kind = "backtest",
                                .name = "MA crossover",
                                .seed = 42,
                                .configuration = R"({"fast": 10, "slow": 50})"};
  const auto first = waybill::ReproContext::begin(options);
  const double result = simulate(first);

  // Next to the results, for whoever wants them again.
  const auto file = std::filesystem::temp_directory_path() / (first.run_id + ".json");
  first.save(file);
  const auto then = waybill::ReproContext::load(file);
  std::filesystem::remove(file);

  options.seed = then.seed;
  options.configuration = R"({"slow": 60, "fast": 10})";
  const auto again = waybill::ReproContext::begin(options);
  logger.info("same numbers: {}", simulate(again) == result);
  for (const std::string& difference : again.differences(then)) logger.warn("{}", difference);
}

// Prints
//   [nightly] INFO - shuffle 197, noise 515
//   [nightly] INFO - shuffle 197, noise 515
//   [nightly] INFO - same numbers: true
//   [nightly] WARN - configuration, SHA-256: b5b599437386, other run: b831f69f6947
