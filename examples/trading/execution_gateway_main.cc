// execution-gateway: takes orders, has each one checked by the risk manager, and keeps what became
// of it.
#include <charconv>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include <waybill/core/core.h>
#include <waybill/http/http.h>
#include <waybill/log/log.h>

#include "order.h"
#include "order_table.h"
#include "service.h"

namespace trading {
namespace {

namespace http = waybill::http;
using boost::asio::awaitable;
using nlohmann::json;
using waybill::Context;

class Gateway {
 public:
  Gateway(const std::string& orders, std::string risk_manager)
      : orders_(orders), risk_manager_(std::move(risk_manager)) {}

  // POST /orders
  awaitable<http::Response> place(http::Request request) {
    const auto [order, error] = parse_order(request.body);
    if (!order) {
      log_.warn("not an order: {}", error);
      co_return refuse(400, error);
    }
    const std::int64_t id = orders_.add(*order, trace_id());
    // From here on, each record of this request has the order's number; in the other services, too.
    const waybill::Scope scope{Context::current().with({{"order_id", id}})};
    log_.info({{"symbol", order->symbol}, {"quantity", order->quantity}, {"price", order->price}},
              "order taken: {} {} {}", order->side, order->quantity, order->symbol);

    http::Headers headers{{"Content-Type", "application/json"}};
    const http::ClientResult checked = co_await client_.async_post(
        risk_manager_ + "/checks", to_json(*order).dump(), std::move(headers));
    if (!checked.ok()) co_return fail(id, checked.message);
    const json verdict = json::parse(checked.response.body, nullptr, false);
    if (checked.response.status != 200 || !verdict.is_object() || !verdict.contains("approved")) {
      co_return fail(id, "the risk manager answered " + std::to_string(checked.response.status));
    }
    if (!verdict.value("approved", false)) co_return reject(id, verdict.value("reason", ""));
    orders_.decide(id, "accepted", "");
    log_.info("order accepted");
    co_return answer(201, {{"order_id", id}, {"status", "accepted"}});
  }

  // GET /orders/{id}
  http::Response show(const http::Request& request) {
    const std::string text = request.param("id").value_or("");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    const auto found = is_number ? orders_.find(id) : std::nullopt;
    if (!found) return refuse(404, "there is no such order");
    json body = to_json(found->order);
    body["order_id"] = found->id;
    body["status"] = found->status;
    if (!found->reason.empty()) body["reason"] = found->reason;
    body["placed_by_trace"] = found->trace_id;
    return answer(200, std::move(body));
  }

 private:
  http::Response reject(std::int64_t id, const std::string& reason) {
    orders_.decide(id, "rejected", reason);
    log_.warn({{"reason", reason}}, "order rejected");
    return answer(422, {{"error", reason}, {"order_id", id}, {"status", "rejected"}});
  }

  http::Response fail(std::int64_t id, const std::string& reason) {
    orders_.decide(id, "failed", reason);
    log_.error({{"reason", reason}}, "order not checked");
    const char* const error = "the order cannot be checked at the moment";
    return answer(502, {{"error", error}, {"order_id", id}, {"status", "failed"}});
  }

  const waybill::Logger log_ = waybill::logger("gateway");
  OrderTable orders_;
  const std::string risk_manager_;
  http::Client client_{{.trusted = true}};  // the risk manager may know the order's number
};

void run(int argc, char** argv) {
  ServiceOptions options;
  std::string orders = "orders.db";
  std::string risk_manager;
  CLI::App app{"execution-gateway: takes orders"};
  add_service_options(app, options);
  app.add_option("--orders", orders, "SQLite file of the orders")->capture_default_str();
  app.add_option("--risk-manager", risk_manager, "Its URL")->required();
  start("execution-gateway", app, options, argc, argv);

  Gateway gateway(orders, risk_manager);
  http::Server server({.host = options.host, .port = options.port});
  server.route("POST", "/orders",
               [&](http::Request request) { return gateway.place(std::move(request)); });
  server.route("GET", "/orders/{id}",
               [&](const http::Request& request) { return gateway.show(request); });
  serve(server, options);
}

}  // namespace
}  // namespace trading

int main(int argc, char** argv) {
  return trading::guarded(trading::run, argc, argv);
}
