// What `waybill trace` tells of jobs that fail, run for too long, take their worker down or cannot
// be read.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue/queue.h>

#include "tests/support/process.h"

namespace waybill {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

class WorkerStoryTest : public testing::Test {
 protected:
  // In the log's place, what it prints.
  std::string output_of(std::vector<std::string> argv, int expected_status = 0) {
    const std::string file = directory_.file("output-" + std::to_string(++programs_));
    EXPECT_EQ(test::Process(std::move(argv), file).wait(), expected_status);
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
  std::vector<std::string> worker(const std::string& name) const {
    return {STORY_WORKER, url_, directory_.file("logs/" + name + ".log"), "work", name};
  }

  queue::internal::TestDirectory directory_;
  const std::string url_ = "sqlite:" + directory_.file("work.db") + "?queue=story";
  int programs_ = 0;
};

TEST_F(WorkerStoryTest, ShowsEachAttemptItsErrorAndWhereItRan) {
  std::filesystem::create_directory(directory_.file("logs"));
  output_of({STORY_WORKER, url_, directory_.file("logs/web.log"), "create", "order-7"});
  // The first worker is taken down by a job.
  test::Process first(worker("worker-a"), directory_.file("worker-a"));
  EXPECT_EQ(first.wait(), 128 + SIGABRT);
  test::Process second(worker("worker-b"), directory_.file("worker-b"));
  const auto queue = queue::open(url_);
  EXPECT_TRUE(test::eventually(
      [&] {
        const queue::Counts counts = queue->counts();
        return counts.ready + counts.delayed + counts.in_flight == 0;
      },
      60));
  EXPECT_EQ(queue->counts().dead, 2U);
  second.send_signal(SIGTERM);
  EXPECT_EQ(second.wait(), 0);

  const std::string story = output_of(
      {WAYBILL, "trace", "order-7", directory_.file("logs"), "--wide", "--color", "never"});
  SCOPED_TRACE(story);
  EXPECT_THAT(story, HasSubstr("account_id=acme"));
  EXPECT_THAT(story, HasSubstr("the request"));
  EXPECT_THAT(story, ContainsRegex("failed, trying again: .*the service is away"));
  EXPECT_THAT(story, HasSubstr("the service is back"));
  EXPECT_THAT(story, HasSubstr("has run for longer than its time limit: asked to stop"));
  EXPECT_THAT(story, ContainsRegex("failed, trying again: .*stopped half-way"));
  EXPECT_THAT(story, ContainsRegex("given up: .*the account is closed"));
  EXPECT_THAT(story, HasSubstr("not a job: the body is not one JSON object"));
  // The crash, and the attempt after it elsewhere.
  EXPECT_THAT(story, ContainsRegex("job_id=job-deadly task_name=deadly attempt=1"));
  EXPECT_THAT(story, ContainsRegex("attempt 1 of 5 .*worker=worker-a"));
  EXPECT_THAT(story, HasSubstr("Killed by SIGABRT"));
  EXPECT_THAT(story, ContainsRegex("job_id=job-deadly task_name=deadly attempt=2"));
  EXPECT_THAT(story, ContainsRegex("attempt 2 of 5 .*worker=worker-b"));
  EXPECT_THAT(story, HasSubstr("survived"));
}

}  // namespace
}  // namespace waybill
