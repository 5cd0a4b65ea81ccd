#include <string>

#include <gtest/gtest.h>

#include <waybill/worker/job.h>

namespace waybill::worker {
namespace {

ReceivedJob read(const std::string& body) {
  EnvelopeReader envelopes;
  return read_job(body, envelopes);
}

TEST(Job, IsReadAsItWasWritten) {
  const Job job{.id = "j-1",
                .task = "charge \"quickly\"\n",
                .payload = {{"cents", 1200}, {"lines", {1, "two", nullptr}}},
                .parent_id = "p-1",
                .max_attempts = 7,
                .time_limit = std::chrono::milliseconds(250),
                .callback = {.url = "http://shop/done", .on_failure = true}};
  const ReceivedJob received = read(to_body(job, {}));
  ASSERT_TRUE(received.job) << received.error;
  EXPECT_EQ(received.job->id, job.id);
  EXPECT_EQ(received.job->task, job.task);
  EXPECT_EQ(received.job->payload, job.payload);
  EXPECT_EQ(received.job->parent_id, job.parent_id);
  EXPECT_EQ(received.job->max_attempts, job.max_attempts);
  EXPECT_EQ(received.job->time_limit, job.time_limit);
  EXPECT_EQ(received.job->callback, job.callback);
  EXPECT_FALSE(received.job->group);
}

TEST(Job, IsReadHoweverItsNamesAreSpelled) {
  const ReceivedJob received = read(R"( { "t\u0061sk" : "charge" , "job_id":"a","job_id":"b",)"
                                    R"("payload":[1],"task_":"x","payloa":{}} )");
  ASSERT_TRUE(received.job) << received.error;
  EXPECT_EQ(received.job->task, "charge");
  EXPECT_EQ(received.job->id, "b") << "the last one counts";
  EXPECT_EQ(received.job->payload, json::array({1}));
}

TEST(Job, SaysWhatIsWrong) {
  struct Case {
    const char* body;
    const char* error;
  };
  constexpr const char* kNoObject = "the body is not one JSON object";
  const std::string long_id = R"({"task":"t","job_id":")" + std::string(257, 'x') + "\"}";
  const Case cases[] = {
      {"", kNoObject},
      {"[]", kNoObject},
      {R"({"task":"t","job_id":"1"} {})", kNoObject},
      {R"({"task":"t","job_id":"1","payload":"\ud800"})", kNoObject},
      {R"({"task":"t","job_id":"\ud800"})", kNoObject},
      {R"({"task":"t","job_id":"1","payload":1e999})", kNoObject},
      {R"({"task":"t","job_id":"1","callback":{"url":1e999}})", kNoObject},
      {R"({"job_id":"1"})", "member 'task' is missing"},
      {R"({"task":"t"})", "member 'job_id' is missing"},
      {R"({"task":5,"job_id":"1"})", "member 'task' is not a text of at most 256 bytes"},
      {long_id.c_str(), "member 'job_id' is not a text of at most 256 bytes"},
  };
  for (const Case& one : cases) {
    const ReceivedJob received = read(one.body);
    EXPECT_FALSE(received.job) << one.body;
    EXPECT_EQ(received.error, one.error) << one.body;
  }
}

TEST(Job, TakesCountsOnlyAsWholeNumbersInTheirRange) {
  const auto with = [](const std::string& count) {
    return read(R"({"task":"t","job_id":"1","max_attempts":)" + count + "}");
  };
  EXPECT_EQ(with("1").job.value().max_attempts, 1U);
  EXPECT_EQ(with("2147483647").job.value().max_attempts, 2147483647U);
  for (const char* wrong : {"0", "-1", "5.0", "1e2", "2147483648", "4294967297", "\"5\"", "null"}) {
    EXPECT_FALSE(with(wrong).job) << wrong;
  }
}

}  // namespace
}  // namespace waybill::worker
