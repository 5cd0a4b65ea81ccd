// tasks-api: says what a basket costs, and has a report of it written in the background.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include <waybill/async/async_wait.h>
#include <waybill/async/spawn.h>
#include <waybill/core/core.h>
#include <waybill/core/trace_text.h>
#include <waybill/http/http.h>

#include "pricer.h"
#include "report.h"
#include "service.h"

namespace tasks {
namespace {

namespace asio = boost::asio;
namespace http = waybill::http;
using nlohmann::json;
using waybill::Context;

constexpr std::size_t kMostItems = 20;

// 1 to 20 small letters, so that it can stand in a URL as it is.
bool is_item(const json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return !text.empty() && text.size() <= 20 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// Of {"items": ["apple", "plum"]}.
std::optional<std::vector<std::string>> parse_items(const std::string& body) {
  const json object = json::parse(body, nullptr, false);
  if (!object.is_object() || !object.contains("items")) return std::nullopt;
  const json& items = object["items"];
  if (!items.is_array() || items.empty() || items.size() > kMostItems) return std::nullopt;
  if (!std::all_of(items.begin(), items.end(), is_item)) return std::nullopt;
  return items.get<std::vector<std::string>>();
}

http::Response answer(int status, json body) {
  body["trace_id"] = waybill::trace_text();
  return http::Response::json(status, body.dump());
}

class Api {
 public:
  Api(const std::string& prices_url, std::string reports)
      : reports_(std::move(reports)), pricer_(pool_, prices_url) {}
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;
  // The pricer must outlive what runs in the pool.
  ~Api() { pool_.stop(); }

  // POST /baskets. The server's own middleware has continued the caller's traceparent, or begun a
  // trace: it is the current one here, and after each co_await.
  asio::awaitable<http::Response> price(http::Request request) {
    const auto items = parse_items(request.body);
    if (!items) co_return answer(400, {{"error", R"(expected {"items": ["apple", "plum"]})"}});
    log_.info("a basket of {} items", items->size());
    auto pricing = waybill::spawn(pool_, pricer_.price_basket(*items));
    co_await waybill::async_wait(pricing, asio::use_awaitable);
    Basket basket;
    try {
      basket = pricing.get();
    } catch (const PriceError& error) {
      log_.warn("basket not priced: {}", error);
      co_return answer(422, {{"error", error.what()}});
    }
    json body = {{"total", basket.total}};
    for (const PricedItem& each : basket.items) body["items"][each.item] = each.price;
    // Nobody waits for it: its future may be dropped.
    waybill::spawn(pool_, write_report(Context::current(), std::move(basket), reports_));
    log_.info("basket priced; its report will be written");
    co_return answer(200, std::move(body));
  }

 private:
  const waybill::Logger log_ = waybill::logger("api");
  const std::string reports_;
  waybill::ThreadPool pool_{{.threads = 4, .name = "tasks"}};
  Pricer pricer_;
};

void run(int argc, char** argv) {
  ServiceOptions options;
  std::string prices_url;
  std::string reports = "reports";
  CLI::App app{"tasks-api: says what a basket costs"};
  add_service_options(app, options);
  app.add_option("--prices", prices_url, "URL of tasks-prices")->required();
  app.add_option("--reports", reports, "Folder for the reports")->capture_default_str();
  start("tasks-api", app, options, argc, argv);

  Api api(prices_url, reports);
  http::Server server({.host = options.host, .port = options.port});
  server.route("POST", "/baskets",
               [&](http::Request request) { return api.price(std::move(request)); });
  serve(server, options);
}

}  // namespace
}  // namespace tasks

int main(int argc, char** argv) {
  return tasks::guarded(tasks::run, argc, argv);
}
