// Configuration: all that a run's result follows from, but the prices themselves.
//
//   symbol = "SP500"
//   seed = 42
//   commission_bps = 5.0
//
//   [[strategy]]
//   name = "crossover"
//   fast = [20, 50]              # a list is swept: here four runs
//   slow = [100, 200]
//
// Values have not been checked beyond their type: a strategy refuses what it cannot trade by.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace backtest {

using Parameters = std::map<std::string, std::int64_t>;

struct Configuration {
  std::string symbol = "SP500";
  std::string strategy;
  Parameters parameters;
  double capital = 100'000;
  double commission_bps = 5;  // of what is traded; 1 bps is 0.01 %
  double slippage_bps = 5;    // the mean: each fill draws between none and twice as much
  std::uint64_t seed = 1;

  // "crossover fast=50 slow=200"
  std::string title() const;

  friend bool operator==(const Configuration&, const Configuration&) = default;
};

// Every combination of every strategy in the file. Throws ConfigError, which names the file and
// what is wrong in it.
std::vector<Configuration> read_configurations(const std::filesystem::path& file);

// For nlohmann::json.
void to_json(nlohmann::json& json, const Configuration& configuration);
void from_json(const nlohmann::json& json, Configuration& configuration);

}  // namespace backtest
