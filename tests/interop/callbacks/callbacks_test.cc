// Callbacks of a worker to a Django application: which jobs it hears of, under which ids, and that
// it can trust them.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/core.h>
#include <waybill/queue/internal/test_directory.h>
#include <waybill/worker/worker.h>

#include "tests/support/process.h"

namespace waybill::worker {
namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;

constexpr const char* kSecret = "between the worker and Django";

class CallbackInteropTest : public ::testing::Test {
 protected:
  void start_receiver(int unavailable = 0) {
    setenv("WAYBILL_SECRET", kSecret, 1);
    receiver_ = std::make_unique<test::Process>(
        std::vector<std::string>{PYTHON, RECEIVER, journal_, std::to_string(unavailable)}, output_);
    ASSERT_TRUE(test::eventually([this] { return port() != 0; }, 60));
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()) + "/jobs/done"; }

  // What Django has accepted so far.
  std::vector<json> received() const {
    std::vector<json> lines;
    std::ifstream file(journal_);
    for (std::string line; std::getline(file, line) && !file.eof();)
      lines.push_back(json::parse(line));
    return lines;
  }

  void work_until(const std::function<bool(const Counts&)>& enough,
                  const std::string& secret = kSecret) {
    Worker worker(
        tasks_, registry_,
        {.callbacks = {.secret = secret, .retry = {.max_attempts = 8, .first_delay = 10ms}}});
    std::thread running([&worker] { worker.run(); });
    EXPECT_TRUE(test::eventually([&] { return enough(worker.counts()); }, 60));
    worker.stop();
    running.join();
  }

 private:
  int port() const {
    int port = 0;
    std::ifstream(output_) >> port;
    return port;
  }

  queue::internal::TestDirectory directory_;
  const std::string output_ = directory_.file("output");
  const std::string journal_ = directory_.file("journal");
  std::unique_ptr<test::Process> receiver_;

 protected:
  std::shared_ptr<queue::Queue> queue_ = queue::open(
      std::string("memory:") + testing::UnitTest::GetInstance()->current_test_info()->name());
  TaskManager tasks_{queue_};
  Registry registry_;
};

TEST_F(CallbackInteropTest, DjangoHearsOfSuccessFailureAndFinalFailureUnderTheSameIds) {
  start_receiver();
  registry_.add("charge", [](const json& payload) {
    return json{{"receipt", payload.at("cents")}};
  });
  registry_.add("refund", [](const json&) { throw std::runtime_error("no such account"); },
                {.retry = {.max_attempts = 2, .first_delay = 1ms}});
  const Callback callback{.url = url(), .on_failure = true};
  const Context request = Context::new_trace().with({{"account_id", "acme"}, {"lead_id", 17}});
  const Context batch = Context::new_trace({.name = "nightly-7"});
  {
    const Scope scope{request};
    tasks_.create_task("charge", {{"cents", 1200}}, {.job_id = "job-1", .callback = callback});
  }
  {
    const Scope scope{batch};
    tasks_.create_task("refund", json::object(), {.job_id = "job-2", .callback = callback});
  }
  work_until([](const Counts& counts) { return counts.succeeded == 4; });

  std::map<std::string, json> by_event;
  for (json& line : received()) {
    const std::string event = line.at("body").at("event");
    by_event[event] = std::move(line);
  }
  ASSERT_THAT(by_event, SizeIs(3));
  const json& success = by_event.at("success");
  EXPECT_EQ(success.at("trace_id"), request.trace_id().to_hex());
  EXPECT_EQ(success.at("content_type"), "application/json");
  EXPECT_EQ(success.at("body").at("trace_id"), request.trace_id().to_hex());
  EXPECT_EQ(success.at("body").at("job_id"), "job-1");
  EXPECT_EQ(success.at("body").at("task_name"), "charge");
  EXPECT_EQ(success.at("body").at("account_id"), "acme");
  EXPECT_EQ(success.at("body").at("lead_id"), 17);
  EXPECT_EQ(success.at("body").at("result"), (json{{"receipt", 1200}}));
  for (const auto& [event, attempt] : {std::pair("failure", 1), std::pair("final_failure", 2)}) {
    const json& failure = by_event.at(event);
    EXPECT_EQ(failure.at("trace_id"), batch.trace_id().to_hex());
    EXPECT_EQ(failure.at("x_trace_id"), "nightly-7");
    EXPECT_EQ(failure.at("body").at("trace_id"), "nightly-7");
    EXPECT_EQ(failure.at("body").at("job_id"), "job-2");
    EXPECT_EQ(failure.at("body").at("attempt"), attempt);
    EXPECT_EQ(failure.at("body").at("error"), "no such account");
  }
}

TEST_F(CallbackInteropTest, ACallbackIsTriedAgainUntilDjangoIsThere) {
  start_receiver(3);
  registry_.add("charge", [](const json&) {});
  tasks_.create_task("charge", json::object(), {.callback = {.url = url()}});
  work_until([](const Counts& counts) { return counts.succeeded == 2; });
  EXPECT_THAT(received(), SizeIs(1));
}

TEST_F(CallbackInteropTest, DjangoRefusesWhatSomebodyElseHasSigned) {
  start_receiver();
  registry_.add("charge", [](const json&) {});
  tasks_.create_task("charge", json::object(), {.callback = {.url = url()}});
  work_until([](const Counts& counts) { return counts.gave_up == 1; }, "guessed");
  EXPECT_THAT(received(), SizeIs(0));
  EXPECT_THAT(queue_->dead_letters(1).at(0).reason, ::testing::HasSubstr("answered 403"));
}

}  // namespace
}  // namespace waybill::worker
