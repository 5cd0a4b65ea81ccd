#include "engine.h"

#include <queue>
#include <utility>
#include <variant>

#include <waybill/error/error.h>
#include <waybill/log/log.h>

#include "broker.h"
#include "config_error.h"
#include "event.h"
#include "strategy.h"

namespace backtest {
namespace {

const waybill::Logger logger = waybill::logger("engine");

class Engine {
 public:
  Engine(const Configuration& configuration, std::mt19937_64 slippage)
      : strategy_(make_strategy(configuration.strategy, configuration.parameters)),
        broker_(configuration, slippage),
        portfolio_(configuration.capital) {}

  const Portfolio& run(const std::vector<Bar>& bars) {
    for (const Bar& bar : bars) {
      handle_all(MarketEvent{bar.date, MarketEvent::Phase::kOpen, bar.open});
      handle_all(MarketEvent{bar.date, MarketEvent::Phase::kClose, bar.close});
    }
    return portfolio_;
  }

 private:
  // The event, and what follows from it.
  void handle_all(Event event) {
    events_.push(std::move(event));
    for (; !events_.empty(); events_.pop()) {
      std::visit([this](const auto& next) { handle(next); }, events_.front());
    }
  }

  void handle(const MarketEvent& market) {
    if (market.phase == MarketEvent::Phase::kOpen) {
      if (auto fill = broker_.on_open(market)) events_.push(std::move(*fill));
    } else {
      portfolio_.on_close(market);
      if (const auto signal = strategy_->on_close(market.price)) events_.push(*signal);
    }
  }
  void handle(const SignalEvent& signal) {
    if (const auto order = portfolio_.on_signal(signal)) events_.push(*order);
  }
  void handle(const OrderEvent& order) { broker_.on_order(order); }
  void handle(const FillEvent& fill) {
    portfolio_.on_fill(fill);
    logger.debug({{"date", fill.date}, {"units", fill.units}, {"price", fill.price}}, "{}",
                 fill.side == Side::kBuy ? "bought" : "sold");
  }

  std::queue<Event> events_;
  std::unique_ptr<Strategy> strategy_;
  Broker broker_;
  Portfolio portfolio_;
};

}  // namespace

Outcome simulate(const Configuration& configuration, const Prices& prices,
                 std::mt19937_64 slippage) {
  if (!(configuration.capital > 0)) {
    throw waybill::make_error<ConfigError>("capital = {} is not valid: expected more than 0",
                                           configuration.capital);
  }
  Engine engine(configuration, slippage);
  const Portfolio& portfolio = engine.run(prices.bars);
  Statistics statistics = statistics_of(portfolio.curve(), prices.bars_per_year);
  statistics.fills = portfolio.fills();
  statistics.costs = portfolio.costs();
  statistics.exposure =
      static_cast<double>(portfolio.closes_in()) / static_cast<double>(prices.bars.size());
  return {portfolio.curve(), statistics};
}

}  // namespace backtest
