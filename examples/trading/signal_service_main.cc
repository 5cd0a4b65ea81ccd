// signal-service: what is known about a symbol, from its model.
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include <waybill/http/http.h>
#include <waybill/log/log.h>

#include "model.h"
#include "order.h"
#include "service.h"

namespace trading {
namespace {

namespace http = waybill::http;
using boost::asio::awaitable;

// GET /signals/{symbol}
awaitable<http::Response> signal(Models& models, http::Request request) {
  const std::string symbol = request.param("symbol").value_or("");
  if (!is_symbol(symbol)) co_return refuse(404, "a symbol is 1 to 5 capital letters");
  const auto model = co_await models.get(symbol);
  if (!model) co_return refuse(404, "there is no model of " + symbol);
  co_return answer(200, {{"symbol", symbol}, {"volatility", model->volatility}});
}

void run(int argc, char** argv) {
  ServiceOptions options;
  std::string folder = TRADING_MODELS_DIR;
  SlowStore slow;
  unsigned slow_ms = 2'500;
  CLI::App app{"signal-service: what is known about a symbol"};
  add_service_options(app, options);
  app.add_option("--models", folder, "Folder with SYMBOL.csv")->capture_default_str();
  app.add_option("--slow-symbol", slow.symbol, "One whose model takes long to load");
  app.add_option("--slow-ms", slow_ms, "How long")->capture_default_str();
  start("signal-service", app, options, argc, argv);
  slow.delay = std::chrono::milliseconds(slow_ms);

  Models models(folder, slow);
  http::Server server(
      {.host = options.host, .port = options.port, .tracing_options = {.trusted = true}});
  server.route("GET", "/signals/{symbol}",
               [&](http::Request request) { return signal(models, std::move(request)); });
  serve(server, options);
}

}  // namespace
}  // namespace trading

int main(int argc, char** argv) {
  return trading::guarded(trading::run, argc, argv);
}
