#include "configuration.h"

#include <toml++/toml.h>

#include <waybill/error/error.h>

#include "config_error.h"

namespace backtest {
namespace {

using Sweep = std::vector<Parameters>;

// A value of the right type, or ConfigError; `into` keeps its default where there is none.
template <class T>
void read(const toml::table& table, const char* key, T& into) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return;
  const auto value = node->value<T>();
  if (!value) throw waybill::make_error<ConfigError>("'{}' is of the wrong type", key);
  into = *value;
}

void refuse_unknown(const toml::table& table, const std::vector<std::string_view>& known) {
  const std::string expected = fmt::format("{}", fmt::join(known, ", "));
  for (const auto& [key, value] : table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    throw waybill::make_error<ConfigError>("'{}' is not known: expected {}", key.str(), expected);
  }
}

std::vector<std::int64_t> values_of(std::string_view key, const toml::node& node) {
  std::vector<std::int64_t> values;
  if (const toml::array* const list = node.as_array()) {
    for (const toml::node& element : *list) {
      if (const auto value = element.value_exact<std::int64_t>()) values.push_back(*value);
    }
    if (values.size() == list->size() && !values.empty()) return values;
  } else if (const auto value = node.value_exact<std::int64_t>()) {
    return {*value};
  }
  throw waybill::make_error<ConfigError>("'{}': expected a whole number, or a list of them", key);
}

// Every combination of what the table's parameters may be.
Sweep combinations(const toml::table& strategy) {
  Sweep sweep{{}};
  for (const auto& [key, node] : strategy) {
    if (key.str() == "name") continue;
    Sweep longer;
    for (const Parameters& parameters : sweep) {
      for (const std::int64_t value : values_of(key.str(), node)) {
        longer.push_back(parameters);
        longer.back()[std::string(key.str())] = value;
      }
    }
    sweep = std::move(longer);
  }
  return sweep;
}

Configuration common_part(const toml::table& table) {
  refuse_unknown(table,
                 {"symbol", "seed", "capital", "commission_bps", "slippage_bps", "strategy"});
  Configuration common;
  std::int64_t seed = 1;
  read(table, "symbol", common.symbol);
  read(table, "seed", seed);
  read(table, "capital", common.capital);
  read(table, "commission_bps", common.commission_bps);
  read(table, "slippage_bps", common.slippage_bps);
  common.seed = static_cast<std::uint64_t>(seed);
  return common;
}

std::vector<Configuration> configurations(const toml::table& table) {
  std::vector<Configuration> all;
  const toml::array* const strategies = table["strategy"].as_array();
  if (strategies == nullptr || strategies->empty()) {
    throw ConfigError("there is no [[strategy]]");
  }
  for (const toml::node& node : *strategies) {
    Configuration configuration = common_part(table);
    const toml::table* const strategy = node.as_table();
    if (strategy == nullptr) throw ConfigError("'strategy' must be [[strategy]]");
    read(*strategy, "name", configuration.strategy);
    for (Parameters& parameters : combinations(*strategy)) {
      configuration.parameters = std::move(parameters);
      all.push_back(configuration);
    }
  }
  return all;
}

}  // namespace

std::string Configuration::title() const {
  std::string title = strategy;
  for (const auto& [name, value] : parameters) title += fmt::format(" {}={}", name, value);
  return title;
}

std::vector<Configuration> read_configurations(const std::filesystem::path& file) {
  try {
    return configurations(toml::parse_file(file.string()));
  } catch (const toml::parse_error& error) {
    throw waybill::make_error<ConfigError>("{}, line {}: {}", file.string(),
                                           error.source().begin.line, error.description());
  } catch (const ConfigError& error) {
    throw waybill::make_error<ConfigError>("{}: {}", file.string(), error.what());
  }
}

void to_json(nlohmann::json& json, const Configuration& configuration) {
  json = {{"symbol", configuration.symbol},
          {"strategy", configuration.strategy},
          {"parameters", configuration.parameters},
          {"capital", configuration.capital},
          {"commission_bps", configuration.commission_bps},
          {"slippage_bps", configuration.slippage_bps},
          {"seed", configuration.seed}};
}

void from_json(const nlohmann::json& json, Configuration& configuration) {
  json.at("symbol").get_to(configuration.symbol);
  json.at("strategy").get_to(configuration.strategy);
  json.at("parameters").get_to(configuration.parameters);
  json.at("capital").get_to(configuration.capital);
  json.at("commission_bps").get_to(configuration.commission_bps);
  json.at("slippage_bps").get_to(configuration.slippage_bps);
  json.at("seed").get_to(configuration.seed);
}

}  // namespace backtest
