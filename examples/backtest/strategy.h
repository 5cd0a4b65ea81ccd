// Strategy: looks at one close after the other, and says when to be in the market.
//
//   auto strategy = make_strategy("crossover", {{"fast", 50}, {"slow", 200}});
//   if (const auto signal = strategy->on_close(price)) ...
//
//   crossover   in while the average of the last `fast` closes is above that of the last `slow`
//   breakout    in when a close is above all of the last `entry`, out when one is below all of the
//               last `exit`
//
// It is told nothing but closes that have been: it cannot look ahead. Of one run, and one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "configuration.h"
#include "event.h"

namespace backtest {

class Strategy {
 public:
  virtual ~Strategy() = default;

  // A signal where the position is to change.
  std::optional<SignalEvent> on_close(double price);

 private:
  // Whether to be in the market; nullopt: as before.
  virtual std::optional<bool> wants_in(double price) = 0;

  bool is_in_ = false;
};

// Throws ConfigError for a name that is not known, and for parameters that are missing, not known
// or out of their range.
std::unique_ptr<Strategy> make_strategy(const std::string& name, const Parameters& parameters);

}  // namespace backtest
