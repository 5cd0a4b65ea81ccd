#include "broker.h"

#include <cmath>
#include <utility>

#include <waybill/error/error.h>

#include "config_error.h"

namespace backtest {
namespace {

constexpr double kBasisPoint = 1e-4;

double share(const char* name, double bps) {
  if (!(bps >= 0 && bps <= 1'000)) {
    throw waybill::make_error<ConfigError>("{} = {} is not valid: expected 0 to 1000", name, bps);
  }
  return bps * kBasisPoint;
}

}  // namespace

Broker::Broker(const Configuration& configuration, std::mt19937_64 slippage)
    : commission_(share("commission_bps", configuration.commission_bps)),
      mean_slippage_(share("slippage_bps", configuration.slippage_bps)),
      random_(slippage) {}

// By hand, as the numbers of the standard's distributions differ between libraries.
double Broker::draw_slippage() {
  return static_cast<double>(random_() >> 11) * 0x1p-53 * 2 * mean_slippage_;
}

std::optional<FillEvent> Broker::on_open(const MarketEvent& open) {
  if (!order_) return std::nullopt;
  const OrderEvent order = *std::exchange(order_, std::nullopt);
  const bool buys = order.side == Side::kBuy;
  const double slippage = open.price * draw_slippage();
  const double price = buys ? open.price + slippage : open.price - slippage;
  const double units = buys ? std::floor(order.amount / (price * (1 + commission_))) : order.amount;
  if (units <= 0) return std::nullopt;
  return FillEvent{.date = open.date,
                   .side = order.side,
                   .units = units,
                   .price = price,
                   .commission = units * price * commission_,
                   .slippage = units * slippage};
}

}  // namespace backtest
