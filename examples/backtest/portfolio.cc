#include "portfolio.h"

namespace backtest {

void Portfolio::on_close(const MarketEvent& close) {
  curve_.push_back({close.date, cash_ + units_ * close.price});
  if (units_ > 0) ++closes_in_;
}

std::optional<OrderEvent> Portfolio::on_signal(const SignalEvent& signal) const {
  if (signal.position == SignalEvent::Position::kLong) return OrderEvent{Side::kBuy, cash_};
  if (units_ > 0) return OrderEvent{Side::kSell, units_};
  return std::nullopt;
}

void Portfolio::on_fill(const FillEvent& fill) {
  const double sign = fill.side == Side::kBuy ? 1 : -1;
  units_ += sign * fill.units;
  cash_ -= sign * fill.units * fill.price + fill.commission;
  costs_ += fill.commission + fill.slippage;
  ++fills_;
}

}  // namespace backtest
