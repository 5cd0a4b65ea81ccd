// repro: runs that can be told apart, found again, and repeated.
//
//   const auto run = waybill::ReproContext::begin({.kind = "backtest",
//                                                  .name = "MA crossover",
//                                                  .configuration = config_json,
//                                                  .inputs = {"prices.csv"}});
//   const auto scope = waybill::run_scope(run);           // every log line and span has the run_id
//   auto shuffle = run.rng("shuffle");                    // the same numbers for the same seed
//   ...
//   run.save("results/" + run.run_id + ".json");
//
// and, a year later, whoever wants the same numbers again:
//
//   const auto then = waybill::ReproContext::load("results/backtest-20251021-….json");
//   const auto now = waybill::ReproContext::begin({..., .seed = then.seed});
//   for (const auto& difference : now.differences(then)) log.warn("{}", difference);
//
//   repro_context.h   what a run is made of, as JSON and back, and what differs between two
//   run_scope.h       makes a run the ambient one
//   seed.h            numbers from a seed that are the same everywhere
//   code_version.h    which commit the sources are at
//   fingerprint.h     SHA-256 of files and configurations
//
// Uses core and, within, nlohmann-json.
#pragma once

#include <waybill/repro/code_version.h>
#include <waybill/repro/fingerprint.h>
#include <waybill/repro/repro_context.h>
#include <waybill/repro/run_scope.h>
#include <waybill/repro/seed.h>
