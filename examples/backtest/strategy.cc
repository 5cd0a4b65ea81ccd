#include "strategy.h"

#include <algorithm>
#include <deque>
#include <initializer_list>
#include <string_view>

#include <waybill/error/error.h>

#include "config_error.h"

namespace backtest {
namespace {

constexpr std::int64_t kLongestWindow = 10'000;

// The last so many closes.
class Window {
 public:
  explicit Window(std::int64_t size) : size_(static_cast<std::size_t>(size)) {}

  void add(double price) {
    prices_.push_back(price);
    sum_ += price;
    if (prices_.size() <= size_) return;
    sum_ -= prices_.front();
    prices_.pop_front();
  }
  bool is_full() const { return prices_.size() == size_; }
  double mean() const { return sum_ / static_cast<double>(size_); }
  double highest() const { return *std::max_element(prices_.begin(), prices_.end()); }
  double lowest() const { return *std::min_element(prices_.begin(), prices_.end()); }

 private:
  std::size_t size_;
  std::deque<double> prices_;
  double sum_ = 0;
};

class Crossover final : public Strategy {
 public:
  Crossover(std::int64_t fast, std::int64_t slow) : fast_(fast), slow_(slow) {}

 private:
  std::optional<bool> wants_in(double price) override {
    fast_.add(price);
    slow_.add(price);
    if (!slow_.is_full()) return std::nullopt;
    return fast_.mean() > slow_.mean();
  }

  Window fast_;
  Window slow_;
};

class Breakout final : public Strategy {
 public:
  Breakout(std::int64_t entry, std::int64_t exit) : entry_(entry), exit_(exit) {}

 private:
  std::optional<bool> wants_in(double price) override {
    std::optional<bool> answer;
    if (entry_.is_full() && price > entry_.highest()) answer = true;
    if (exit_.is_full() && price < exit_.lowest()) answer = false;
    entry_.add(price);
    exit_.add(price);
    return answer;
  }

  Window entry_;
  Window exit_;
};

void check(const std::string& strategy, const Parameters& parameters,
           std::initializer_list<std::string_view> expected) {
  const std::string names = fmt::format("{}", fmt::join(expected, ", "));
  for (const auto& [name, value] : parameters) {
    if (std::find(expected.begin(), expected.end(), name) == expected.end()) {
      throw waybill::make_error<ConfigError>("{} has no parameter '{}': expected {}", strategy,
                                             name, names);
    }
    if (value < 1 || value > kLongestWindow) {
      throw waybill::make_error<ConfigError>("{} = {} is not valid: expected 1 to {}", name, value,
                                             kLongestWindow);
    }
  }
  for (const std::string_view name : expected) {
    if (parameters.contains(std::string(name))) continue;
    throw waybill::make_error<ConfigError>("{} needs the parameter '{}'", strategy, name);
  }
}

}  // namespace

std::optional<SignalEvent> Strategy::on_close(double price) {
  const std::optional<bool> wanted = wants_in(price);
  if (!wanted || *wanted == is_in_) return std::nullopt;
  is_in_ = *wanted;
  return SignalEvent{is_in_ ? SignalEvent::Position::kLong : SignalEvent::Position::kFlat};
}

std::unique_ptr<Strategy> make_strategy(const std::string& name, const Parameters& parameters) {
  if (name == "crossover") {
    check(name, parameters, {"fast", "slow"});
    const auto fast = parameters.at("fast");
    const auto slow = parameters.at("slow");
    if (fast >= slow) {
      throw waybill::make_error<ConfigError>(
          "fast = {} is not valid: expected less than slow, which is {}", fast, slow);
    }
    return std::make_unique<Crossover>(fast, slow);
  }
  if (name == "breakout") {
    check(name, parameters, {"entry", "exit"});
    return std::make_unique<Breakout>(parameters.at("entry"), parameters.at("exit"));
  }
  throw waybill::make_error<ConfigError>(
      "strategy '{}' is not known: expected crossover or breakout", name);
}

}  // namespace backtest
