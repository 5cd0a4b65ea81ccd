// backtest: an event-driven backtest engine whose runs can be told apart, found again and repeated.
#include <cstdio>

#include <CLI/CLI.hpp>
#include <waybill/core/export.h>
#include <waybill/error/error.h>
#include <waybill/init/init.h>
#include <waybill/log/log.h>

#include "commands.h"

namespace {

using backtest::Options;

int guarded(int (*command)(const Options&), const Options& options) {
  try {
    return command(options);
  } catch (const std::exception& error) {
    waybill::logger("main").fatal("{}", error);
    std::fprintf(stderr, "backtest: %s\n", error.what());
    for (const auto& [key, value] : waybill::export_fields(waybill::context_of(error))) {
      std::fprintf(stderr, "  %s %s\n", key.c_str(), value.c_str());
    }
    return 2;
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  std::string log;
  CLI::App app{"backtest: trading strategies over past prices, reproducibly"};
  app.require_subcommand(1);
  app.add_option("--data", options.data, "Folder with sp500-2000.csv and stocks.csv");
  app.add_option("--out", options.out, "Folder for results")->capture_default_str();
  app.add_option("--log", log, "JSON log file (default: OUT/logs/backtest.log)");
  CLI::App* const run = app.add_subcommand("run", "One run");
  run->add_option("--config", options.config, "TOML file")->required();
  run->add_option("--seed", options.seed, "In place of the configuration's");
  CLI::App* const sweep = app.add_subcommand("sweep", "Every combination, in parallel");
  sweep->add_option("--config", options.config, "TOML file")->required();
  sweep->add_option("--seed", options.seed, "In place of the configuration's");
  sweep->add_option("--threads", options.threads, "How many runs at once");
  CLI::App* const again =
      app.add_subcommand("again", "A result once more, and whether it is the same");
  again->add_option("RESULT", options.result, "RUN_ID.json")->required();
  again->add_option("--seed", options.seed, "Another one: to see what it changes");
  for (CLI::App* const command : {run, sweep, again}) command->fallthrough();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  if (log.empty()) log = (options.out / "logs" / "backtest.log").string();
  waybill::init_or_exit({.service = "backtest", .log = {.file = log}});
  std::error_code error;
  std::filesystem::create_directories(options.out, error);  // who writes into it says what is wrong
  const auto command = *run ? backtest::run : *sweep ? backtest::sweep : backtest::again;
  return guarded(command, options);
}
