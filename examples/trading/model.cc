#include "model.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace trading {
namespace {

namespace asio = boost::asio;

double standard_deviation(const std::vector<double>& values) {
  const double count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (count - 1));
}

}  // namespace

std::optional<Model> read_model(const std::string& file) {
  std::ifstream lines(file);
  std::string line;
  std::getline(lines, line);  // the heading
  std::vector<double> returns;
  double before = 0;
  while (std::getline(lines, line)) {
    const double close = std::strtod(line.c_str() + line.find(',') + 1, nullptr);
    if (close <= 0) return std::nullopt;
    if (before > 0) returns.push_back(std::log(close / before));
    before = close;
  }
  if (returns.size() < 2) return std::nullopt;
  // Sixty prices do not say more than four digits of it.
  const double volatility = std::round(standard_deviation(returns) * 1e4) / 1e4;
  return Model{.volatility = volatility, .closes = returns.size() + 1};
}

Models::Models(std::string folder, SlowStore slow)
    : folder_(std::move(folder)), slow_(std::move(slow)) {}

asio::awaitable<std::optional<Model>> Models::get(std::string symbol) {
  if (const auto model = find(symbol)) co_return model;

  log_.info("loading the model of {}", symbol);
  const auto begin = std::chrono::steady_clock::now();
  if (symbol == slow_.symbol) {
    asio::steady_timer store(co_await asio::this_coro::executor, slow_.delay);
    co_await store.async_wait(asio::use_awaitable);
  }
  const auto model = read_model(folder_ + "/" + symbol + ".csv");
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  if (!model) {
    log_.warn("there is no model of {}", symbol);
    co_return std::nullopt;
  }
  log_.info({{"load_ms", took.count()}, {"closes", model->closes}}, "model of {} loaded", symbol);
  const std::scoped_lock lock(mutex_);
  loaded_.emplace(symbol, *model);
  co_return model;
}

std::optional<Model> Models::find(const std::string& symbol) {
  const std::scoped_lock lock(mutex_);
  const auto found = loaded_.find(symbol);
  return found == loaded_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace trading
