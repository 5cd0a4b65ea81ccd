// The trading example on its three real processes, judged by their answers and their log files.
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <waybill/core/core.h>
#include <waybill/http/client.h>

#include "tests/support/log_files.h"
#include "tests/support/port.h"
#include "tests/support/process.h"

namespace waybill {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

constexpr int kSeconds = 60;
constexpr int kSlowMs = 800;

class TradingTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (fs::temp_directory_path() / "waybill-trading-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    const std::string signals =
        start("signal-service", {"--slow-symbol", "TITN", "--slow-ms", std::to_string(kSlowMs)});
    const std::string risk = start("risk-manager", {"--signal-service", signals});
    gateway_ =
        start("execution-gateway", {"--risk-manager", risk, "--orders", folder_ / "orders.db"});
  }

  static void TearDownTestSuite() {
    for (const auto& process : processes_) process->send_signal(SIGTERM);
    for (const auto& process : processes_) EXPECT_EQ(process->wait(), 0);
    processes_.clear();
    fs::remove_all(folder_);
  }

  // The program's URL, once it listens; its files are called `name`.
  static std::string start(const std::string& program, std::vector<std::string> options,
                           std::string name = "") {
    if (name.empty()) name = program;
    const fs::path port_file = folder_ / (name + ".port");
    std::vector<std::string> command = {std::string(WAYBILL_BIN_DIR) + "/" + program, "--port-file",
                                        port_file, "--log", folder_ / "logs" / (name + ".log")};
    command.insert(command.end(), options.begin(), options.end());
    processes_.push_back(std::make_unique<test::Process>(command, folder_ / (name + ".out")));
    EXPECT_TRUE(test::eventually([&] { return fs::exists(port_file); }, kSeconds))
        << name << " does not listen: " << content(folder_ / (name + ".out"));
    int port = 0;
    std::ifstream(port_file) >> port;
    return "http://127.0.0.1:" + std::to_string(port);
  }

  static std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static http::Response place(const std::string& order, const std::string& gateway = gateway_) {
    http::Client client;
    const auto result = client.post(gateway + "/orders", order);
    EXPECT_TRUE(result.ok()) << result.message;
    return result.response;
  }

  // The records of a trace, when the gateway's last one is there: it comes after all others.
  static std::vector<json> story(const std::string& trace_id) {
    std::vector<json> records;
    const auto is_told = [&] {
      records = test::select(test::read_logs(folder_ / "logs"), "trace_id", trace_id);
      const auto accesses = test::select(records, "logger", "http.access");
      return accesses.size() == 3U;
    };
    EXPECT_TRUE(test::eventually(is_told, kSeconds)) << trace_id;
    return records;
  }

  // The only record of the story with this message.
  static json record_of(const std::vector<json>& story, const std::string& message) {
    const auto found = test::select(story, "message", message);
    EXPECT_EQ(found.size(), 1U) << message;
    return found.empty() ? json::object() : found.front();
  }

  static double access_ms(const std::vector<json>& story, const std::string& service) {
    const auto found =
        test::select(test::select(story, "logger", "http.access"), "service", service);
    return found.empty() ? -1 : found.front().at("duration_ms").get<double>();
  }

  static fs::path folder_;
  static std::string gateway_;
  static std::vector<std::unique_ptr<test::Process>> processes_;
};

fs::path TradingTest::folder_;
std::string TradingTest::gateway_;
std::vector<std::unique_ptr<test::Process>> TradingTest::processes_;

constexpr const char* kOrder =
    R"({"symbol": "ACME", "side": "buy", "quantity": 100, "price": 42.5})";

TEST_F(TradingTest, AnOrderIsOneStoryOfThreeServices) {
  const http::Response response = place(kOrder);
  EXPECT_EQ(response.status, 201) << response.body;
  const json answer = json::parse(response.body);
  EXPECT_EQ(answer.at("status"), "accepted");

  std::map<std::string, std::string> spans;  // service by span
  std::set<std::string> links;
  const auto records = story(answer.at("trace_id"));
  for (const json& record : records) spans[record.at("span_id")] = record.at("service");
  for (const json& record : records) {
    const auto parent = spans.find(record.value("parent_span_id", ""));
    links.insert(record.at("service").get<std::string>() + " < " +
                 (parent == spans.end() ? "" : parent->second));
  }
  EXPECT_THAT(links, ElementsAre("execution-gateway < ", "risk-manager < execution-gateway",
                                 "signal-service < risk-manager"));
  // The gateway gave the number; it has reached the others.
  for (const json& record : records) {
    if (record.at("service") == "execution-gateway") continue;
    EXPECT_EQ(record.value("order_id", ""), answer.at("order_id").dump()) << record;
  }
}

TEST_F(TradingTest, TheTraceIdIsAUuidInHeaderBodyAndTable) {
  const http::Response response = place(kOrder);
  const json answer = json::parse(response.body);
  const std::string id = answer.at("trace_id");
  EXPECT_TRUE(TraceId::from_uuid(id)) << id;
  EXPECT_THAT(response.header("X-Trace-ID"), Optional(id));

  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "orders.db").c_str(), &database), SQLITE_OK);
  const std::string sql = "SELECT trace_id FROM orders WHERE id = " + answer.at("order_id").dump();
  std::string stored;
  const auto take = [](void* text, int, char** columns, char**) {
    *static_cast<std::string*>(text) = columns[0];
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), take, &stored, nullptr), SQLITE_OK);
  sqlite3_close(database);
  EXPECT_EQ(stored, id);

  http::Client client;
  const auto shown = client.get(gateway_ + "/orders/" + answer.at("order_id").dump());
  const json order = json::parse(shown.response.body);
  EXPECT_EQ(order.at("placed_by_trace"), id);
  EXPECT_NE(order.at("trace_id"), id);  // that is the trace of the question
  EXPECT_EQ(order.at("quantity"), 100);
}

TEST_F(TradingTest, ContinuesTheTraceOfItsCaller) {
  const Scope caller{Context::new_trace()};
  const json answer = json::parse(place(kOrder).body);
  EXPECT_EQ(answer.at("trace_id"), Context::current().trace_id().to_uuid());
  const json taken = record_of(story(answer.at("trace_id")), "order taken: buy 100 ACME");
  EXPECT_EQ(taken.at("parent_span_id"), Context::current().span_id().to_hex());
}

TEST_F(TradingTest, TheStoryOfARejectedOrderSaysWhy) {
  const http::Response response =
      place(R"({"symbol": "VOLT", "side": "buy", "quantity": 5000, "price": 61.2})");
  EXPECT_EQ(response.status, 422);
  const json answer = json::parse(response.body);
  EXPECT_EQ(answer.at("status"), "rejected");
  EXPECT_THAT(answer.at("error"), HasSubstr("above the limit of 10000"));

  const auto records = story(answer.at("trace_id"));
  const json computed = record_of(records, "value at risk computed");
  EXPECT_EQ(computed.at("service"), "risk-manager");
  EXPECT_GT(computed.at("value_at_risk"), computed.at("limit"));
  const json rejected = record_of(records, "order rejected");
  EXPECT_EQ(rejected.at("severity"), "WARN");
  EXPECT_EQ(rejected.at("reason"), answer.at("error"));
}

TEST_F(TradingTest, AQueryFindsTheSlowOrderAndItsStoryShowsWhereTheTimeWent) {
  const json answer = json::parse(
      place(R"({"symbol": "TITN", "side": "sell", "quantity": 10, "price": 118})").body);
  EXPECT_EQ(answer.at("status"), "accepted");
  const auto records = story(answer.at("trace_id"));

  const fs::path output = folder_ / "slow.jsonl";
  test::Process query({std::string(WAYBILL_BIN_DIR) + "/waybill", "query",
                       R"({service="execution-gateway"} | json | duration_ms > 500)",
                       folder_ / "logs", "--format", "json"},
                      output);
  EXPECT_EQ(query.wait(), 0) << content(output);
  EXPECT_THAT(content(output), HasSubstr(answer.at("trace_id").get<std::string>()));
  EXPECT_THAT(content(output), testing::Not(HasSubstr("risk-manager")));

  // Each service was waiting for the next one, and the last for the model.
  const double load_ms = record_of(records, "model of TITN loaded").at("load_ms");
  EXPECT_GE(load_ms, kSlowMs);
  EXPECT_GE(access_ms(records, "signal-service"), load_ms);
  EXPECT_GE(access_ms(records, "risk-manager"), access_ms(records, "signal-service"));
  EXPECT_GE(access_ms(records, "execution-gateway"), access_ms(records, "risk-manager"));

  const fs::path told = folder_ / "told.txt";
  test::Process command(
      {std::string(WAYBILL_BIN_DIR) + "/waybill", "trace", answer.at("trace_id"), folder_ / "logs"},
      told);
  EXPECT_EQ(command.wait(), 0);
  EXPECT_THAT(content(told), HasSubstr("3 services, 3 hops"));
  EXPECT_THAT(content(told), HasSubstr("model of TITN loaded"));
}

TEST_F(TradingTest, EveryRefusalNamesItsTrace) {
  const std::string no_risk_manager =
      start("execution-gateway",
            {"--risk-manager", "http://127.0.0.1:" + std::to_string(test::some_port()), "--orders",
             folder_ / "others.db"},
            "lonely-gateway");
  http::Client client;
  const std::pair<int, http::Response> kRefusals[] = {
      {400, place("not JSON")},
      {400, place(R"({"symbol": "acme", "side": "buy", "quantity": 1, "price": 1})")},
      {400, place(R"({"symbol": "ACME", "side": "hold", "quantity": 1, "price": 1})")},
      {400, place(R"({"symbol": "ACME", "side": "buy", "quantity": -1, "price": 1})")},
      {400, place(R"({"symbol": "ACME", "side": "buy", "quantity": 1, "price": 0})")},
      {404, client.get(gateway_ + "/orders/999999").response},
      {404, client.get(gateway_ + "/nowhere").response},
      {405, client.get(gateway_ + "/orders").response},
      {422, place(R"({"symbol": "NONE", "side": "buy", "quantity": 1, "price": 1})")},
      {502, place(kOrder, no_risk_manager)}};
  for (const auto& [status, response] : kRefusals) {
    EXPECT_EQ(response.status, status) << response.body;
    const json body = json::parse(response.body);
    EXPECT_TRUE(body.at("error").is_string());
    const std::string id = body.at("trace_id");
    EXPECT_TRUE(TraceId::from_uuid(id)) << id;
    EXPECT_THAT(response.header("X-Trace-ID"), Optional(id));
  }
}

}  // namespace
}  // namespace waybill
