// risk-manager: says whether an order may be executed, by what it could lose within a day.
#include <cmath>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>

#include <waybill/http/http.h>
#include <waybill/log/log.h>

#include "order.h"
#include "service.h"

namespace trading {
namespace {

namespace http = waybill::http;
using boost::asio::awaitable;
using nlohmann::json;

// Days on which a price that moves at random loses more than so many standard deviations: 1 in 20.
constexpr double kDeviations = 1.645;

class RiskManager {
 public:
  RiskManager(std::string signal_service, double limit)
      : signal_service_(std::move(signal_service)), limit_(limit) {}

  // POST /checks, with an order: {"approved": true}, or false and a reason.
  awaitable<http::Response> check(http::Request request) {
    const auto [order, error] = parse_order(request.body);
    if (!order) co_return refuse(400, error);
    log_.info("checking: {} {} {} at {}", order->side, order->quantity, order->symbol,
              order->price);
    const http::ClientResult asked =
        co_await client_.async_get(signal_service_ + "/signals/" + order->symbol);
    if (!asked.ok()) {
      log_.error("no signal: {}", asked.message);
      co_return refuse(502, "the signal service does not answer");
    }
    if (asked.response.status == 404) {
      co_return decline("nothing is known about " + order->symbol);
    }
    const json signal = json::parse(asked.response.body, nullptr, false);
    if (asked.response.status != 200 || !signal.is_object() || !signal.contains("volatility")) {
      log_.error("no signal: status {}", asked.response.status);
      co_return refuse(502, "the signal service failed");
    }
    co_return judge(*order, signal.value("volatility", 0.0));
  }

 private:
  http::Response judge(const Order& order, double volatility) {
    const double value = static_cast<double>(order.quantity) * order.price;
    const double at_risk = std::round(value * volatility * kDeviations);
    log_.info({{"volatility", volatility}, {"value_at_risk", at_risk}, {"limit", limit_}},
              "value at risk computed");
    if (at_risk > limit_) {
      return decline(fmt::format("value at risk {} is above the limit of {}", at_risk, limit_));
    }
    return answer(200, {{"approved", true}});
  }

  http::Response decline(const std::string& reason) {
    log_.warn("declined: {}", reason);
    return answer(200, {{"approved", false}, {"reason", reason}});
  }

  const waybill::Logger log_ = waybill::logger("risk");
  const std::string signal_service_;
  const double limit_;
  http::Client client_{{.trusted = true}};
};

void run(int argc, char** argv) {
  ServiceOptions options;
  std::string signal_service;
  double limit = 10'000;
  CLI::App app{"risk-manager: checks orders"};
  add_service_options(app, options);
  app.add_option("--signal-service", signal_service, "Its URL")->required();
  app.add_option("--limit", limit, "What one order may lose within a day")->capture_default_str();
  start("risk-manager", app, options, argc, argv);

  RiskManager risk_manager(signal_service, limit);
  http::Server server(
      {.host = options.host, .port = options.port, .tracing_options = {.trusted = true}});
  server.route("POST", "/checks",
               [&](http::Request request) { return risk_manager.check(std::move(request)); });
  serve(server, options);
}

}  // namespace
}  // namespace trading

int main(int argc, char** argv) {
  return trading::guarded(trading::run, argc, argv);
}
