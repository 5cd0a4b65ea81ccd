// tasks-prices: knows what things cost.
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include <waybill/http/server.h>
#include <waybill/log/log.h>

#include "service.h"

namespace tasks {
namespace {

namespace http = waybill::http;

// GET /prices/{item}
http::Response price(const http::Request& request) {
  static const waybill::Logger log = waybill::logger("prices");
  static const std::map<std::string, double> prices = {
      {"apple", 0.45}, {"bread", 3.2}, {"cheese", 7.9}, {"milk", 1.3}, {"plum", 0.3}};
  const std::string item = request.param("item").value_or("");
  const auto found = prices.find(item);
  if (found == prices.end()) {
    log.warn("no price of '{}'", item);
    return http::Response::error(404, "not for sale");
  }
  log.info("looked up {}", item);
  return http::Response::json(200, nlohmann::json{{"price", found->second}}.dump());
}

void run(int argc, char** argv) {
  ServiceOptions options;
  CLI::App app{"tasks-prices: knows what things cost"};
  add_service_options(app, options);
  start("tasks-prices", app, options, argc, argv);

  http::Server server({.host = options.host, .port = options.port});
  server.route("GET", "/prices/{item}", price);
  serve(server, options);
}

}  // namespace
}  // namespace tasks

int main(int argc, char** argv) {
  return tasks::guarded(tasks::run, argc, argv);
}
