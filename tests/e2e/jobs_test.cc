// The jobs example on its real processes, Django included, judged by the Google Cloud log files
// that they leave.
#include <algorithm>
#include <cstdlib>
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
#include <waybill/queue/queue.h>

#include "tests/support/log_files.h"
#include "tests/support/process.h"

namespace waybill {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr int kSeconds = 60;
constexpr const char* kTrace = "logging.googleapis.com/trace";

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string service_of(const json& record) {
  return record.at("logging.googleapis.com/labels").value("service", "");
}

class JobsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (fs::temp_directory_path() / "waybill-jobs-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    fs::create_directories(folder_ / "logs");
    setenv("JOBS_CALLBACK_SECRET", "of this test", 1);
    start("django", {JOBS_PYTHON, JOBS_CALLBACKS "/app.py"}, true);
    start("jobs-credit", {program("jobs-credit"), "--port", "0"}, true);
    for (const std::string name : {"worker-a", "worker-b"}) {
      start(name,
            {program("jobs-worker"), "--queue", queue(), "--name", name, "--credit-url",
             url_of("jobs-credit")},
            false);
    }
    start("jobs-api",
          {program("jobs-api"), "--queue", queue(), "--port", "0", "--callback-url",
           url_of("django") + "/jobs/done"},
          true);
  }

  static void TearDownTestSuite() {
    for (const auto& [name, process] : processes_) process->send_signal(SIGTERM);
    for (const auto& [name, process] : processes_) {
      EXPECT_EQ(process->wait(), name == "django" ? 128 + SIGTERM : 0) << name;
    }
    processes_.clear();
    fs::remove_all(folder_);
  }

  static std::string program(const std::string& name) {
    return std::string(WAYBILL_BIN_DIR) + "/" + name;
  }
  static std::string queue() { return "sqlite:" + (folder_ / "jobs.db").string() + "?queue=jobs"; }
  static std::string url_of(const std::string& name) {
    int port = 0;
    std::ifstream(folder_ / (name + ".port")) >> port;
    return "http://127.0.0.1:" + std::to_string(port);
  }

  static void start(const std::string& name, std::vector<std::string> command, bool listens) {
    command.insert(command.end(), {"--log", (folder_ / "logs" / (name + ".log")).string()});
    const fs::path port = folder_ / (name + ".port");
    if (listens) command.insert(command.end(), {"--port-file", port.string()});
    const fs::path output = folder_ / (name + ".out");
    processes_.emplace_back(name, std::make_unique<test::Process>(command, output.string()));
    ASSERT_TRUE(!listens || test::eventually([&] { return fs::exists(port); }, kSeconds))
        << name << " does not listen: " << content(output);
  }

  static http::Response post(const json& body) {
    http::Client client;
    const auto result = client.post(url_of("jobs-api") + "/jobs", body.dump());
    EXPECT_TRUE(result.ok()) << result.message;
    return result.response;
  }

  // The records of a trace that have all of `members`; asked anew each time.
  static std::vector<json> story(const std::string& trace_id, const json& members = {}) {
    auto records = test::select(test::read_logs(folder_ / "logs"), kTrace,
                                "projects/jobs-example/traces/" + trace_id);
    std::erase_if(records, [&](const json& record) {
      return std::any_of(members.items().begin(), members.items().end(), [&](const auto& member) {
        return record.value(member.key(), json()) != member.value();
      });
    });
    return records;
  }
  // That many of them, at least.
  static std::vector<json> wait_for(const std::string& trace_id, const json& members,
                                    std::size_t count) {
    EXPECT_TRUE(
        test::eventually([&] { return story(trace_id, members).size() >= count; }, kSeconds))
        << "no " << count << " records with " << members;
    return story(trace_id, members);
  }
  // Until all of a lead's story is written: its two jobs and the four callbacks about them, one of
  // them for each attempt, each of which ends with a line.
  static void wait_for_the_end(const std::string& trace_id) {
    wait_for(trace_id, {{"action", "done"}}, 6);
  }
  static std::vector<json> wait_for_django(const std::string& trace_id, const json& members) {
    const auto heard = [&] {
      auto records = story(trace_id, members);
      std::erase_if(records, [](const json& record) { return service_of(record) != "django"; });
      return records;
    };
    EXPECT_TRUE(test::eventually([&] { return !heard().empty(); }, kSeconds))
        << "Django has not logged " << members;
    return heard();
  }

  static std::string waybill(const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {program("waybill")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    command.push_back((folder_ / "logs").string());
    const fs::path output = folder_ / "output";
    EXPECT_EQ(test::Process(command, output.string()).wait(), 0);
    return content(output);
  }

  static fs::path folder_;
  static std::vector<std::pair<std::string, std::unique_ptr<test::Process>>> processes_;
};

fs::path JobsTest::folder_;
std::vector<std::pair<std::string, std::unique_ptr<test::Process>>> JobsTest::processes_;

json lead(const std::string& account, int id) {
  return {{"account_id", account}, {"lead_id", id}, {"employees", 200}};
}

TEST_F(JobsTest, OneRequestIsOneTreeFromTheApiToDjango) {
  const http::Response response = post(lead("acme", 17));
  EXPECT_EQ(response.status, 202);
  const json answer = json::parse(response.body);
  const std::string trace_id = answer.at("trace_id");
  const std::string job_id = answer.at("job_id");
  wait_for_the_end(trace_id);

  const auto records = story(trace_id);
  std::map<std::string, std::string> service_of_span;
  for (const json& record : records) {
    service_of_span[record.at("logging.googleapis.com/spanId")] = service_of(record);
  }
  std::set<std::string> links;
  for (const json& record : records) {
    const auto parent = service_of_span.find(record.value("parent_span_id", ""));
    links.insert(service_of(record) + " < " +
                 (parent == service_of_span.end() ? "" : parent->second));
  }
  EXPECT_THAT(links, ElementsAre("django < jobs-worker", "jobs-api < ", "jobs-credit < jobs-worker",
                                 "jobs-worker < jobs-api", "jobs-worker < jobs-worker"));

  // The fields that the API has set, and those of the job, are in every line of the workers and of
  // Django, on threads of the pool too.
  std::set<std::string> messages;
  for (const json& record : records) {
    if (service_of(record) != "jobs-worker" && service_of(record) != "django") continue;
    EXPECT_EQ(record.value("account_id", ""), "acme") << record;
    EXPECT_EQ(record.value("lead_id", 0), 17) << record;
    EXPECT_TRUE(record.contains("job_id") && record.contains("task_name") &&
                record.contains("attempt"))
        << record;
    messages.insert(record.at("message"));
  }
  EXPECT_THAT(messages, Contains("a company of 200"));
  const json attempts_of_the_child = {
      {"parent_job_id", job_id}, {"task_name", "check-credit"}, {"action", "begin"}};
  EXPECT_THAT(story(trace_id, attempts_of_the_child), SizeIs(3));
}

TEST_F(JobsTest, AServiceThatFailsTwiceCostsThreeAttemptsOfTheChildAlone) {
  const std::string trace_id = json::parse(post(lead("globex", 18)).body).at("trace_id");
  wait_for_the_end(trace_id);
  std::set<int> attempts;
  for (const json& record : story(trace_id, {{"task_name", "check-credit"}})) {
    attempts.insert(record.at("attempt").get<int>());
  }
  EXPECT_THAT(attempts, ElementsAre(1, 2, 3));
  EXPECT_THAT(story(trace_id, {{"action", "retry"}}), SizeIs(2));
  EXPECT_THAT(story(trace_id, {{"action", "done"}, {"task_name", "qualify-lead"}}), SizeIs(1));
  const auto failures = wait_for_django(
      trace_id, {{"message", "attempt 2 of 4 failed: the credit bureau answered 503"}});
  EXPECT_EQ(failures.front().at("severity"), "WARNING");
}

TEST_F(JobsTest, ALeadNobodyKnowsIsADeadLetterAndDjangoIsTold) {
  const std::string trace_id = json::parse(post(lead("initech", 4711)).body).at("trace_id");
  const auto told = wait_for_django(trace_id, {{"severity", "ERROR"}});
  EXPECT_EQ(told.front().at("message"), "given up: the credit bureau knows no lead 4711");
  EXPECT_EQ(told.front().at("attempt"), 1);
  EXPECT_THAT(wait_for(trace_id, {{"action", "dead-letter"}}, 1), SizeIs(1));
  EXPECT_EQ(queue::open(queue())->counts().dead, 1U);
}

TEST_F(JobsTest, QueriesAnswerFromTheLogFiles) {
  const std::string trace_id = json::parse(post(lead("umbrella", 19)).body).at("trace_id");
  wait_for_the_end(trace_id);
  const auto lines_of = [](const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  };
  const std::string warnings =
      waybill({"query", "--format", "json", "trace_id=\"" + trace_id + "\" severity>=WARNING"});
  EXPECT_EQ(lines_of(warnings), 6U) << warnings;  // credit, worker and Django, of two attempts
  EXPECT_THAT(warnings, Not(HasSubstr("\"severity\": \"INFO\"")));
  EXPECT_THAT(warnings, Not(HasSubstr("\"severity\":\"INFO\"")));

  const std::string of_account = waybill({"query", "--format", "json", "account_id=\"umbrella\""});
  EXPECT_EQ(lines_of(of_account), story(trace_id, {{"account_id", "umbrella"}}).size());
  EXPECT_THAT(of_account, HasSubstr("\"service\": \"django\""));

  const std::string told = waybill({"trace", trace_id, "--wide"});
  for (const char* part : {"jobs-api", "jobs-worker", "jobs-credit", "django",
                           "account_id=umbrella", "a company of 200", "overloaded"}) {
    EXPECT_THAT(told, HasSubstr(part));
  }
  EXPECT_THAT(told, HasSubstr("4 services"));
  EXPECT_THAT(told, Not(HasSubstr("not in these files"))) << told;
}

TEST_F(JobsTest, RefusesWhatIsNoJob) {
  for (const json& body : {json("text"), json{{"account_id", "acme"}}, json{{"lead_id", 1}}}) {
    const http::Response response = post(body);
    EXPECT_EQ(response.status, 400);
    const std::string trace_id = json::parse(response.body).at("trace_id");
    EXPECT_TRUE(test::eventually(
        [&] {
          return story(trace_id, {{"severity", "WARNING"}}).size() == 1;
        },
        kSeconds));
  }
}

TEST_F(JobsTest, DjangoRefusesWhatNoWorkerHasSigned) {
  http::Client client;
  const auto result =
      client.post(url_of("django") + "/jobs/done", R"({"event": "success"})",
                  {{"X-Waybill-Timestamp", "1"}, {"X-Waybill-Signature", "sha256=00"}});
  EXPECT_EQ(result.response.status, 403);
}

}  // namespace
}  // namespace waybill
