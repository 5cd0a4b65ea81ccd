// The landscape pipeline on its four real processes, judged by the log files that they leave.
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/core.h>
#include <waybill/http/client.h>
#include <waybill/propagation/propagation.h>
#include <waybill/queue/queue.h>

#include "tests/support/log_files.h"
#include "tests/support/process.h"

namespace waybill {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr int kSeconds = 60;

class LandscapeTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (fs::temp_directory_path() / "waybill-landscape-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    for (const std::string program : {"landscape-web", "landscape-weather-fetcher",
                                      "landscape-dispatcher", "landscape-generator"}) {
      processes_.push_back(std::make_unique<test::Process>(
          arguments(program), (folder_ / (program + ".out")).string()));
    }
    ASSERT_TRUE(test::eventually([] { return fs::exists(folder_ / "port"); }, kSeconds))
        << "landscape-web does not listen";
    std::ifstream(folder_ / "port") >> port_;
  }

  static void TearDownTestSuite() {
    for (const auto& process : processes_) process->send_signal(SIGTERM);
    for (const auto& process : processes_) EXPECT_EQ(process->wait(), 0);
    processes_.clear();
    fs::remove_all(folder_);
  }

  static std::vector<std::string> arguments(const std::string& program) {
    std::vector<std::string> all = {std::string(WAYBILL_BIN_DIR) + "/" + program,
                                    "--queues",
                                    queues(),
                                    "--pictures",
                                    (folder_ / "pictures").string(),
                                    "--log",
                                    (folder_ / "logs" / (program + ".log")).string(),
                                    "--retry-delay-ms",
                                    "50"};
    if (program == "landscape-web") {
      all.insert(all.end(), {"--port", "0", "--port-file", (folder_ / "port").string()});
    }
    return all;
  }

  static std::string queues() { return (folder_ / "queues.db").string(); }
  static std::string url(const std::string& target) {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }
  static http::Response generate(const std::string& zip) {
    http::Client client;
    const auto result = client.post(url("/admin/generate?zip=" + zip), "");
    EXPECT_TRUE(result.ok()) << result.message;
    return result.response;
  }

  // The records of a trace; asked anew each time.
  static std::vector<json> story(const std::string& trace_id) {
    return test::select(test::read_logs(folder_ / "logs"), "trace_id", trace_id);
  }
  static std::vector<json> wait_for(const std::string& trace_id, const std::string& action,
                                    std::size_t count) {
    EXPECT_TRUE(test::eventually(
        [&] { return test::select(story(trace_id), "action", action).size() >= count; }, kSeconds))
        << "no " << count << " records with action " << action;
    return story(trace_id);
  }

  static fs::path folder_;
  static int port_;
  static std::vector<std::unique_ptr<test::Process>> processes_;
};

fs::path LandscapeTest::folder_;
int LandscapeTest::port_ = 0;
std::vector<std::unique_ptr<test::Process>> LandscapeTest::processes_;

// One hop, as the log tells it.
struct Hop {
  std::string service;
  std::string parent;
};

std::map<std::string, Hop> hops_of(const std::vector<json>& story) {
  std::map<std::string, Hop> hops;
  for (const json& record : story) {
    hops[record.at("span_id")] = {record.at("service"), record.value("parent_span_id", "")};
  }
  return hops;
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(LandscapeTest, OneRequestIsOneTreeUnderOneTraceId) {
  const http::Response response = generate("98101");
  EXPECT_EQ(response.status, 200);
  const json answer = json::parse(response.body);
  EXPECT_EQ(answer.at("success"), true);
  EXPECT_EQ(answer.at("zip"), "98101");
  EXPECT_TRUE(answer.at("message").is_string());
  EXPECT_EQ(response.header("X-Trace-ID"), answer.at("trace_id").get<std::string>());

  const auto story = wait_for(answer.at("trace_id"), "save", 4);
  const auto hops = hops_of(story);
  std::multiset<std::string> services;
  std::multiset<std::string> links;
  for (const auto& [span, hop] : hops) {
    services.insert(hop.service);
    const auto parent = hops.find(hop.parent);
    links.insert(hop.service + " < " +
                 (parent == hops.end() ? hop.parent : parent->second.service));
  }
  EXPECT_THAT(services, UnorderedElementsAre("landscape-web", "landscape-weather-fetcher",
                                             "landscape-dispatcher", "landscape-generator",
                                             "landscape-generator", "landscape-generator",
                                             "landscape-generator"));
  EXPECT_THAT(links, UnorderedElementsAre("landscape-web < ",  // the root, and the only one
                                          "landscape-weather-fetcher < landscape-web",
                                          "landscape-dispatcher < landscape-weather-fetcher",
                                          "landscape-generator < landscape-dispatcher",
                                          "landscape-generator < landscape-dispatcher",
                                          "landscape-generator < landscape-dispatcher",
                                          "landscape-generator < landscape-dispatcher"));
  // The field that the web service set has reached every worker.
  for (const json& record : story) {
    if (record.at("service") != "landscape-web") {
      EXPECT_EQ(record.value("zip", ""), "98101") << record;
    }
    if (record.at("logger") != "http.access") {
      EXPECT_TRUE(record.contains("worker") && record.contains("action")) << record;
    }
  }
}

TEST_F(LandscapeTest, FourPicturesExistAndDiffer) {
  const json answer = json::parse(generate("10001").body);
  const auto story = wait_for(answer.at("trace_id"), "save", 4);
  std::set<std::string> pictures;
  std::set<std::string> formats;
  for (const json& record : test::select(story, "action", "save")) {
    const std::string bytes = content(record.at("file").get<std::string>());
    EXPECT_EQ(bytes.substr(0, 8), "\x89PNG\r\n\x1a\n");
    EXPECT_EQ(bytes.size(), record.at("bytes").get<std::size_t>());
    pictures.insert(bytes);
    formats.insert(record.at("format"));
  }
  EXPECT_EQ(pictures.size(), 4U);
  EXPECT_THAT(formats, UnorderedElementsAre("rgb_light", "rgb_dark", "bw", "eink"));
}

TEST_F(LandscapeTest, ContinuesTheTraceOfItsCaller) {
  const Scope caller{Context::new_trace({.name = "batch-2026-11-20"})};
  const json answer = json::parse(generate("60601").body);
  EXPECT_EQ(answer.at("trace_id"), "batch-2026-11-20");
  const auto hops = hops_of(wait_for("batch-2026-11-20", "save", 4));
  EXPECT_EQ(hops.size(), 7U);
  int from_caller = 0;
  for (const auto& [span, hop] : hops) {
    from_caller += hop.parent == Context::current().span_id().to_hex() ? 1 : 0;
  }
  EXPECT_EQ(from_caller, 1);
}

TEST_F(LandscapeTest, RefusesWhatIsNoZipCode) {
  for (const std::string zip :
       {"9810", "981012", "98a01", "", "%0d%0aX:1", "98101&date=%ff", "98101&date=1-1"}) {
    const http::Response response = generate(zip);
    EXPECT_EQ(response.status, 400) << zip;
    const json answer = json::parse(response.body);
    EXPECT_TRUE(answer.at("error").is_string());
    const auto records = wait_for(answer.at("trace_id"), "reject", 1);
    EXPECT_EQ(test::select(records, "action", "send").size(), 0U);
  }
}

TEST_F(LandscapeTest, AnUnknownZipIsRetriedAndThenDeadLettered) {
  const json answer = json::parse(generate("00000").body);
  const auto story = wait_for(answer.at("trace_id"), "dead-letter", 1);
  std::vector<int> attempts;
  for (const json& record : test::select(story, "action", "receive"))
    attempts.push_back(record.at("attempt"));
  EXPECT_THAT(attempts, ElementsAre(1, 2, 3));
  EXPECT_EQ(test::select(story, "action", "retry").size(), 2U);
  const json given_up = test::select(story, "action", "dead-letter").at(0);
  EXPECT_EQ(given_up.at("severity"), "ERROR");
  EXPECT_EQ(given_up.at("reason"), "ZIP 00000 is not in the table (3 attempts)");
}

TEST_F(LandscapeTest, APoisonMessageIsDeadLetteredWithItsBytesAndItsTrace) {
  const std::string poison("not JSON \0\xff\x80 at all", 20);
  const Context sender = Context::new_trace();
  const auto queue = queue::open("sqlite:" + queues() + "?queue=landscape-jobs");
  {
    const Scope scope{sender};
    queue->send({.body = poison});
  }
  const std::string trace_id = sender.trace_id().to_hex();
  const auto story = wait_for(trace_id, "dead-letter", 1);
  EXPECT_EQ(test::select(story, "action", "dead-letter").at(0).at("parent_span_id"),
            sender.span_id().to_hex());

  queue::DeadLetter found;
  ASSERT_TRUE(test::eventually(
      [&] {
        for (queue::DeadLetter& dead : queue->dead_letters(100)) {
          if (dead.body == poison) found = std::move(dead);
        }
        return found.body == poison;
      },
      kSeconds));
  EXPECT_THAT(found.reason, HasSubstr("not a JSON object"));
  const HeaderListCarrier headers(found.headers);
  EXPECT_EQ(extract(headers).trace_id(), sender.trace_id());
}

TEST_F(LandscapeTest, ShowsItsPicturesOnAPage) {
  const json answer = json::parse(generate("33101").body);
  wait_for(answer.at("trace_id"), "save", 4);
  const std::string name =
      "33101-bw-" + answer.at("trace_id").get<std::string>().substr(0, 8) + ".png";
  http::Client client;
  const auto page = client.get(url("/"));
  EXPECT_THAT(page.response.body, HasSubstr("/pictures/" + name));
  const auto picture = client.get(url("/pictures/" + name));
  EXPECT_EQ(picture.response.header("Content-Type"), "image/png");
  EXPECT_EQ(picture.response.body, content(folder_ / "pictures" / name));
  EXPECT_EQ(client.get(url("/pictures/..%2Fqueues.db")).response.status, 404);
}

TEST_F(LandscapeTest, IsToldByTheCommandWaybillTrace) {
  const json answer = json::parse(generate("94102").body);
  wait_for(answer.at("trace_id"), "save", 4);
  const fs::path output = folder_ / "story.txt";
  test::Process command({std::string(WAYBILL_BIN_DIR) + "/waybill", "trace", answer.at("trace_id"),
                         (folder_ / "logs").string()},
                        output.string());
  EXPECT_EQ(command.wait(), 0);
  const std::string told = content(output);
  for (const char* service : {"landscape-web", "landscape-weather-fetcher", "landscape-dispatcher",
                              "landscape-generator", "picture saved"}) {
    EXPECT_THAT(told, HasSubstr(service));
  }
  EXPECT_THAT(told, HasSubstr("7 hops"));
}

}  // namespace
}  // namespace waybill
