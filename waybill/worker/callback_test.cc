#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include <waybill/http/server.h>
#include <waybill/worker/internal/worker_fixture.h>

namespace waybill::worker {
namespace {

using testing::ElementsAre;

TEST(CallbackSignature, IsTheHmacOfTimestampAndBody) {
  // As Python's hmac module has it.
  EXPECT_EQ(sign_callback("Jefe", "1", "{}"),
            "sha256="
            "dc7943cccf20f64327d263db5e2aca27c2b8175e8e6e7ea04f482091bf456b0f");
  EXPECT_NE(sign_callback("Jefe", "2", "{}"), sign_callback("Jefe", "1", "{}"));
}

TEST(CallbackSignature, IsTakenOnlyWhereAllOfItFits) {
  const std::string now = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                                             std::chrono::system_clock::now().time_since_epoch())
                                             .count());
  const std::string right = sign_callback("secret", now, "{}");
  EXPECT_TRUE(is_callback_signature("secret", now, "{}", right));
  EXPECT_FALSE(is_callback_signature("secret", now, "{ }", right));
  EXPECT_FALSE(is_callback_signature("other", now, "{}", right));
  EXPECT_FALSE(is_callback_signature("secret", now, "{}", ""));
  EXPECT_FALSE(
      is_callback_signature("secret", "1000", "{}", sign_callback("secret", "1000", "{}")));
  EXPECT_FALSE(
      is_callback_signature("secret", "soon", "{}", sign_callback("secret", "soon", "{}")));
}

class CallbackTest : public internal::WorkerTest {
 protected:
  CallbackTest() {
    server_.route("POST", "/done", [this](const http::Request& request) {
      const std::lock_guard lock(mutex_);
      requests_.push_back(
          {json::parse(request.body), Context::current().trace_id().to_hex(), is_signed(request)});
      const int status = answers_.empty() ? 204 : answers_.front();
      if (!answers_.empty()) answers_.erase(answers_.begin());
      return http::Response::text(status, "");
    });
    server_.start();
    options_.callbacks = {
        .secret = "secret",
        .retry = {.max_attempts = 5, .first_delay = std::chrono::milliseconds(1)}};
  }

  static bool is_signed(const http::Request& request) {
    return is_callback_signature("secret", request.headers.get("X-Waybill-Timestamp").value_or(""),
                                 request.body,
                                 request.headers.get("X-Waybill-Signature").value_or(""));
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/done"; }

  struct Told {
    json body;
    std::string trace_id;
    bool is_signed;
  };
  std::mutex mutex_;
  std::vector<Told> requests_;
  std::vector<int> answers_;
  http::Server server_;
  WorkerOptions options_;
};

TEST_F(CallbackTest, TellsOfTheResultUnderTheSameIds) {
  registry_.add("charge", [](const json&) { return json{{"receipt", 7}}; });
  const Context request = Context::new_trace().with({{"account_id", "acme"}});
  std::string job_id;
  {
    const Scope scope{request};
    job_id = tasks_.create_task("charge", json::object(), {.callback = {.url = url()}});
  }
  work_until([](const Counts& counts) { return counts.succeeded == 2; }, options_);
  ASSERT_EQ(requests_.size(), 1U);
  const auto& [body, trace_id, is_signed] = requests_.front();
  EXPECT_TRUE(is_signed);
  EXPECT_EQ(trace_id, request.trace_id().to_hex());
  EXPECT_EQ(body.at("trace_id"), trace_id);
  EXPECT_EQ(body.at("job_id"), job_id);
  EXPECT_EQ(body.at("task_name"), "charge");
  EXPECT_EQ(body.at("account_id"), "acme");
  EXPECT_EQ(body.at("event"), "success");
  EXPECT_EQ(body.at("attempt"), 1);
  EXPECT_EQ(body.at("result"), json({{"receipt", 7}}));
}

TEST_F(CallbackTest, TellsOfEachFailureAndOfTheLast) {
  registry_.add(
      "broken", [](const json&) { throw std::runtime_error("no ink"); }, quick_);
  tasks_.create_task("broken", json::object(),
                     {.max_attempts = 2, .callback = {.url = url(), .on_failure = true}});
  work_until([](const Counts& counts) { return counts.gave_up == 1 && counts.succeeded == 2; },
             options_);
  std::vector<std::string> events;
  for (const Told& told : requests_) {
    events.push_back(told.body.at("event").get<std::string>() + ' ' +
                     told.body.at("attempt").dump() + ' ' +
                     told.body.at("error").get<std::string>());
  }
  EXPECT_THAT(events, testing::UnorderedElementsAre("failure 1 no ink", "final_failure 2 no ink"));
}

TEST_F(CallbackTest, IsTriedAgainUntilItIsTaken) {
  answers_ = {503, 500, 429};
  registry_.add("charge", [](const json&) {});
  tasks_.create_task("charge", json::object(), {.callback = {.url = url()}});
  work_until([](const Counts& counts) { return counts.succeeded == 2; }, options_);
  EXPECT_EQ(requests_.size(), 4U);
  EXPECT_EQ(counts_.failed, 3U);
  for (const Told& told : requests_) EXPECT_TRUE(told.is_signed);
}

TEST_F(CallbackTest, GoesOnlyWhereItMay) {
  options_.callbacks.is_allowed = [](std::string_view to) { return !to.ends_with("/done"); };
  registry_.add("charge", [](const json&) {});
  tasks_.create_task("charge", json::object(), {.callback = {.url = url()}});
  work_until([](const Counts& counts) { return counts.gave_up == 1; }, options_);
  EXPECT_EQ(queue_->dead_letters(1).at(0).reason, "callbacks to " + url() + " are not allowed");
  const std::lock_guard lock(mutex_);
  EXPECT_TRUE(requests_.empty());
}

TEST_F(CallbackTest, IsADeadLetterWhereNobodyWantsIt) {
  answers_ = {404};
  registry_.add("charge", [](const json&) {});
  tasks_.create_task("charge", json::object(), {.callback = {.url = url()}});
  work_until([](const Counts& counts) { return counts.gave_up == 1; }, options_);
  const auto dead = queue_->dead_letters(1);
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].reason, url() + " answered 404");
}

}  // namespace
}  // namespace waybill::worker
