// The tasks example on its two real processes, judged by their answers, log files and spans.
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/core.h>
#include <waybill/http/client.h>

#include "tests/support/log_files.h"
#include "tests/support/process.h"

namespace waybill {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Optional;

constexpr int kSeconds = 60;
constexpr const char* kBasket = R"({"items": ["apple", "bread", "cheese"]})";

class TasksTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (fs::temp_directory_path() / "waybill-tasks-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    const std::string prices = start("tasks-prices", {});
    api_ = start("tasks-api", {"--prices", prices, "--reports", folder_ / "reports"});
  }

  static void TearDownTestSuite() {
    for (const auto& process : processes_) process->send_signal(SIGTERM);
    for (const auto& process : processes_) EXPECT_EQ(process->wait(), 0);
    processes_.clear();
    fs::remove_all(folder_);
  }

  // The program's URL, once it listens.
  static std::string start(const std::string& program, std::vector<std::string> options) {
    const fs::path port_file = folder_ / (program + ".port");
    std::vector<std::string> command = {std::string(WAYBILL_BIN_DIR) + "/" + program,
                                        "--port-file",
                                        port_file,
                                        "--log",
                                        folder_ / "logs" / (program + ".log"),
                                        "--spans",
                                        folder_ / (program + ".spans")};
    command.insert(command.end(), options.begin(), options.end());
    processes_.push_back(std::make_unique<test::Process>(command, folder_ / (program + ".out")));
    EXPECT_TRUE(test::eventually([&] { return fs::exists(port_file); }, kSeconds))
        << program << " does not listen: " << content(folder_ / (program + ".out"));
    int port = 0;
    std::ifstream(port_file) >> port;
    return "http://127.0.0.1:" + std::to_string(port);
  }

  static std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static http::Response post(const std::string& body) {
    http::Client client;
    const auto result = client.post(api_ + "/baskets", body);
    EXPECT_TRUE(result.ok()) << result.message;
    return result.response;
  }

  // The records where `key` is `value`, once there are `count` of them with this message.
  static std::vector<json> wait_for(std::string_view key, const std::string& value,
                                    const std::string& message, std::size_t count = 1) {
    std::vector<json> records;
    const auto enough = [&] {
      records = test::select(test::read_logs(folder_ / "logs"), key, value);
      return test::select(records, "message", message).size() >= count;
    };
    EXPECT_TRUE(test::eventually(enough, kSeconds)) << message;
    return records;
  }

  // The story of a request for `items` items, once both services have told their last of it.
  static std::vector<json> story(const std::string& trace_id, std::size_t items) {
    std::vector<json> records;
    const auto is_told = [&] {
      records = test::select(test::read_logs(folder_ / "logs"), "trace_id", trace_id);
      return test::select(records, "logger", "http.access").size() == 1 + items;
    };
    EXPECT_TRUE(test::eventually(is_told, kSeconds)) << trace_id;
    return records;
  }

  static json record_of(const std::vector<json>& story, const std::string& message) {
    const auto found = test::select(story, "message", message);
    EXPECT_EQ(found.size(), 1U) << message;
    return found.empty() ? json::object() : found.front();
  }

  static fs::path folder_;
  static std::string api_;
  static std::vector<std::unique_ptr<test::Process>> processes_;
};

fs::path TasksTest::folder_;
std::string TasksTest::api_;
std::vector<std::unique_ptr<test::Process>> TasksTest::processes_;

TEST_F(TasksTest, ContinuesTheCallersTraceOrStartsOne) {
  const http::Response first = post(kBasket);
  const http::Response second = post(kBasket);
  const std::string own = json::parse(first.body).at("trace_id");
  EXPECT_TRUE(TraceId::from_hex(own)) << own;
  EXPECT_THAT(first.header("X-Trace-ID"), Optional(own));
  EXPECT_NE(second.header("X-Trace-ID"), first.header("X-Trace-ID"));

  const Scope caller{Context::new_trace()};
  const json answer = json::parse(post(kBasket).body);
  EXPECT_EQ(answer.at("trace_id"), Context::current().trace_id().to_hex());
  const json access = record_of(story(answer.at("trace_id"), 3), "POST /baskets -> 200");
  EXPECT_EQ(access.at("parent_span_id"), Context::current().span_id().to_hex());
}

TEST_F(TasksTest, GatheredCoroutinesKeepTheirOwnSpansBelowTheOneThatGathers) {
  const json answer = json::parse(post(kBasket).body);
  EXPECT_NEAR(answer.at("total"), 11.55, 1e-9);
  const auto records = story(answer.at("trace_id"), 3);

  const json basket = record_of(records, "pricing 3 items");
  EXPECT_EQ(basket.at("parent_span_id"), record_of(records, "POST /baskets -> 200").at("span_id"));
  EXPECT_EQ(record_of(records, "the basket costs 11.55").at("span_id"), basket.at("span_id"));
  const std::pair<std::string, std::string> kItems[] = {
      {"apple", "0.45"}, {"bread", "3.20"}, {"cheese", "7.90"}};
  std::set<std::string> spans;
  for (const auto& [item, price] : kItems) {
    const json asking = record_of(records, "asking for the price of " + item);
    const json told = record_of(records, item + " costs " + price);
    EXPECT_EQ(asking.at("parent_span_id"), basket.at("span_id"));
    EXPECT_EQ(told.at("span_id"), asking.at("span_id"));  // after co_await, on another thread
    spans.insert(told.at("span_id"));

    // The call is below the item, and the second service below the call.
    const json looked_up = record_of(records, "looked up " + item);
    EXPECT_EQ(looked_up.at("service"), "tasks-prices");
    std::size_t calls = 0;
    for (const json& call : test::select(records, "logger", "http.client")) {
      if (call.at("span_id") != looked_up.at("parent_span_id")) continue;
      EXPECT_EQ(call.at("parent_span_id"), told.at("span_id"));
      ++calls;
    }
    EXPECT_EQ(calls, 1U) << item;
  }
  EXPECT_EQ(spans.size(), 3U);
}

TEST_F(TasksTest, TheReportIsATraceOfItsOwnLinkedToTheRequest) {
  const std::string request = json::parse(post(kBasket).body).at("trace_id");
  const std::string path = folder_ / "reports" / (request + ".txt");
  const auto records = wait_for("request_trace_id", request, "report written: " + path);
  ASSERT_FALSE(records.empty());
  const std::string trace_id = records.front().at("trace_id");
  EXPECT_NE(trace_id, request);
  EXPECT_FALSE(records.front().contains("parent_span_id")) << records.front();
  EXPECT_THAT(content(path), HasSubstr("total       11.55"));

  const std::string span_id =
      record_of(story(request, 3), "basket priced; its report will be written").at("span_id");
  json link;
  const auto is_exported = [&] {
    std::ifstream file(folder_ / "tasks-api.spans");
    for (std::string line; std::getline(file, line) && !file.eof();) {
      const json batch = json::parse(line);
      for (const json& span : batch.at("resourceSpans")[0].at("scopeSpans")) {
        for (const json& each : span.at("spans")) {
          if (each.at("traceId") == trace_id) link = each.at("links").at(0);
        }
      }
    }
    return !link.is_null();
  };
  ASSERT_TRUE(test::eventually(is_exported, kSeconds));
  EXPECT_EQ(link.at("traceId"), request);
  EXPECT_EQ(link.at("spanId"), span_id);
}

TEST_F(TasksTest, TextLinesBeginWithTraceAndSpan) {
  const std::string trace_id = json::parse(post(kBasket).body).at("trace_id");
  const json told = record_of(story(trace_id, 3), "bread costs 3.20");
  const std::string line =
      "[" + trace_id + "] [" + told.at("span_id").get<std::string>() + "] bread costs 3.20\n";
  const auto text = [] { return content(folder_ / "tasks-api.out"); };
  EXPECT_TRUE(test::eventually([&] { return text().find(line) != std::string::npos; }, kSeconds));
  const std::regex pattern(R"(\[([0-9a-f]{32}|-)\] \[([0-9a-f]{16}|-)\] .+)");
  std::istringstream lines(text());
  for (std::string each; std::getline(lines, each) && !lines.eof();) {
    EXPECT_TRUE(std::regex_match(each, pattern)) << each;
  }
}

TEST_F(TasksTest, AFailureInOneCoroutineIsAnsweredAndSaysWhereItWasRaised) {
  const http::Response response = post(R"({"items": ["apple", "unicorn"]})");
  EXPECT_EQ(response.status, 422);
  const json answer = json::parse(response.body);
  EXPECT_EQ(answer.at("error"), "nobody sells unicorn");
  const auto records = story(answer.at("trace_id"), 2);
  const auto warnings = test::select(records, "severity", "WARN");
  const auto caught = test::select(warnings, "service", "tasks-api");
  ASSERT_EQ(caught.size(), 1U);
  EXPECT_EQ(caught[0].at("error.span_id"),
            record_of(records, "asking for the price of unicorn").at("span_id"));
}

TEST_F(TasksTest, RefusesWhatIsNoBasket) {
  for (const std::string body : {"", "[]", "{}", R"({"items": []})", R"({"items": ["../x"]})"}) {
    const http::Response response = post(body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_THAT(response.header("X-Trace-ID"),
                Optional(json::parse(response.body).at("trace_id").get<std::string>()));
  }
}

}  // namespace
}  // namespace waybill
