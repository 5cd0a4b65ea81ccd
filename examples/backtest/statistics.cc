#include "statistics.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace backtest {
namespace {

double sharpe_of(const std::vector<EquityPoint>& curve, double points_per_year) {
  std::vector<double> returns;
  double mean = 0;
  const double count = static_cast<double>(curve.size() - 1);
  for (std::size_t i = 1; i < curve.size(); ++i) {
    returns.push_back(curve[i].equity / curve[i - 1].equity - 1);
    mean += returns.back() / count;
  }
  double variance = 0;
  for (const double value : returns) variance += (value - mean) * (value - mean) / count;
  return variance > 0 ? mean / std::sqrt(variance) * std::sqrt(points_per_year) : 0;
}

}  // namespace

Statistics statistics_of(const std::vector<EquityPoint>& curve, double points_per_year) {
  const double growth = curve.back().equity / curve.front().equity;
  const double years = static_cast<double>(curve.size() - 1) / points_per_year;
  const std::vector<double> below = drawdowns(curve);
  Statistics statistics;
  statistics.total_return = growth - 1;
  statistics.annual_return = std::pow(growth, 1 / years) - 1;
  statistics.max_drawdown = *std::max_element(below.begin(), below.end());
  statistics.sharpe = sharpe_of(curve, points_per_year);
  return statistics;
}

std::vector<double> drawdowns(const std::vector<EquityPoint>& curve) {
  std::vector<double> below;
  double highest = 0;
  for (const EquityPoint& point : curve) {
    highest = std::max(highest, point.equity);
    below.push_back(1 - point.equity / highest);
  }
  return below;
}

void to_json(nlohmann::json& json, const Statistics& statistics) {
  json = {{"total_return", statistics.total_return},
          {"annual_return", statistics.annual_return},
          {"max_drawdown", statistics.max_drawdown},
          {"sharpe", statistics.sharpe},
          {"fills", statistics.fills},
          {"costs", statistics.costs},
          {"exposure", statistics.exposure}};
}

void from_json(const nlohmann::json& json, Statistics& statistics) {
  json.at("total_return").get_to(statistics.total_return);
  json.at("annual_return").get_to(statistics.annual_return);
  json.at("max_drawdown").get_to(statistics.max_drawdown);
  json.at("sharpe").get_to(statistics.sharpe);
  json.at("fills").get_to(statistics.fills);
  json.at("costs").get_to(statistics.costs);
  json.at("exposure").get_to(statistics.exposure);
}

}  // namespace backtest
