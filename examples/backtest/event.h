// Events: what happens in a backtest, in the order in which it happens.
//
//   market open ──► broker ──► fill ──► portfolio
//   market close ─► portfolio, strategy ──► signal ──► portfolio ──► order ──► broker
//
// An order that follows from one bar's close is filled at the next bar's open: nothing is ever
// traded at a price that was known when it was decided.
#pragma once

#include <string>
#include <variant>

namespace backtest {

struct MarketEvent {
  enum class Phase { kOpen, kClose };

  std::string date;
  Phase phase;
  double price;
};

// What a strategy wants to be.
struct SignalEvent {
  enum class Position { kLong, kFlat };

  Position position;
};

enum class Side { kBuy, kSell };

struct OrderEvent {
  Side side;
  double amount;  // to buy: what may be spent, commission included; to sell: units
};

struct FillEvent {
  std::string date;
  Side side;
  double units;
  double price;       // of one unit, slippage included
  double commission;  // of all
  double slippage;    // of all: how much worse than the market's price
};

using Event = std::variant<MarketEvent, SignalEvent, OrderEvent, FillEvent>;

}  // namespace backtest
