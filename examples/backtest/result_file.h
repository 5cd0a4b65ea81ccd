// Result files: what a run gave, and what it was made of.
//
//   RUN_ID.csv    the curve: date,equity
//   RUN_ID.json   {"run": {...}, "trace_id": "...", "configuration": {...}, "statistics": {...},
//                  "curve": {"file": "RUN_ID.csv", "sha256": "..."}}
//
// "run" is waybill::ReproContext: seed, code version, hashes of configuration and prices, machine,
// versions. Numbers are written so that they are read back to the last bit.
#pragma once

#include <filesystem>
#include <string>

#include <waybill/repro/repro.h>

#include "configuration.h"
#include "run.h"
#include "statistics.h"

namespace backtest {

struct SavedResult {
  waybill::ReproContext run;
  Configuration configuration;
  Statistics statistics;
  std::string curve_sha256;
};

// Throws waybill::Error for files that cannot be written.
void save_result(const waybill::ReproContext& run, const Result& result,
                 const std::filesystem::path& folder);

// Throws ConfigError, which names the file, for what save_result() has not written.
SavedResult load_result(const std::filesystem::path& file);

}  // namespace backtest
