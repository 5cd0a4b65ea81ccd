// Run: one configuration, simulated as a reproducible run, and its result kept.
//
//   const Result result = execute(configuration, prices, "results");
//
// writes results/RUN_ID.csv, the curve, and results/RUN_ID.json, all that is needed to have the
// same once more (result_file.h). Log lines, spans and errors from within carry the run's run_id;
// where no trace is current, they are a trace of that name.
#pragma once

#include <filesystem>
#include <string>

#include "configuration.h"
#include "engine.h"
#include "prices.h"

namespace backtest {

struct Result {
  std::string run_id;
  std::string trace_id;
  Configuration configuration;
  Outcome outcome;
  std::string error = {};  // why there is no outcome; empty: there is one
};

// Throws ConfigError for a configuration that makes no sense, waybill::Error for files that cannot
// be read or written. Any number at the same time.
Result execute(const Configuration& configuration, const Prices& prices,
               const std::filesystem::path& folder);

}  // namespace backtest
