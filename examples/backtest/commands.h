// What the program backtest can do. Each says on standard output what came of it, and returns the
// exit status.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace backtest {

struct Options {
  std::filesystem::path config;
  std::filesystem::path result;  // of `again`
  std::filesystem::path data = BACKTEST_DATA_DIR;
  std::filesystem::path out = "results";
  std::optional<std::uint64_t> seed;  // in place of the configuration's
  std::size_t threads = 0;            // 0: as many as the machine runs at once
};

// One run of a configuration without lists.
int run(const Options& options);

// All combinations in the configuration, in parallel. One that cannot be run is told of, and takes
// nothing from the others; status 1 if all are such.
int sweep(const Options& options);

// What `run` or `sweep` has saved, once more from its metadata; status 1 if the result is another.
int again(const Options& options);

}  // namespace backtest
