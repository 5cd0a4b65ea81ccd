#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue/queue.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string error_of(const std::string& url, const Options& options = {}) {
  try {
    open(url, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(OpenQueue, RefusesUrlsOfNoKnownKind) {
  for (const std::string url : {"", "memory", "amqp:topic", "sqlite:work.db", "sqlite:?queue=a",
                                "sqlite:work.db?table=a", "Memory:a", "/data/work.db"}) {
    EXPECT_THAT(error_of(url), AllOf(HasSubstr("'" + url + "'"), HasSubstr("memory:NAME"),
                                     HasSubstr("sqlite:PATH?queue=NAME")));
  }
  EXPECT_THROW(open(std::string("sqlite:a\0b?queue=c", 18)), Error);
}

TEST(OpenQueue, SaysWhichRoomAKindNeeds) {
  EXPECT_THAT(error_of("redis://user:secret@localhost?queue=a"),
              AllOf(HasSubstr("'redis://user:***@localhost?queue=a'"),
                    HasSubstr("waybill::queue_redis"), HasSubstr("enable_redis()")));
  EXPECT_THAT(error_of("kafka://localhost?queue=a"),
              AllOf(HasSubstr("waybill::queue_kafka"), HasSubstr("enable_kafka()")));
}

TEST(OpenQueue, RefusesQueueNamesThatAreNoNames) {
  for (const std::string& url : {std::string("memory:"), std::string("sqlite:work.db?queue="),
                                 std::string("memory:a\nb"), "memory:" + std::string(129, 'a')}) {
    EXPECT_THAT(error_of(url), HasSubstr("1 to 128 bytes without control characters"));
  }
  EXPECT_NO_THROW(open("memory:" + std::string(128, 'a')));
}

TEST(OpenQueue, RefusesTimeoutsOutOfTheirRange) {
  for (const auto timeout : {0ms, -1ms, std::chrono::milliseconds::max()}) {
    EXPECT_THAT(error_of("memory:a", {.visibility_timeout = timeout}),
                AllOf(HasSubstr("'visibility_timeout'"), HasSubstr(std::to_string(timeout.count())),
                      HasSubstr("1 ms to ten years")));
  }
  EXPECT_THAT(error_of("memory:a", {.busy_timeout = -1ms}), HasSubstr("'busy_timeout'"));
}

TEST(OpenQueue, TheLastQuestionMarkEndsThePath) {
  const internal::TestDirectory directory;
  const std::string path = directory.file("why?queue=not.db");
  open("sqlite:" + path + "?queue=a");
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(MemoryQueue, TheSameNameIsTheSameQueue) {
  const auto one = open("memory:shared");
  const auto same = open("memory:shared");
  const auto other = open("memory:other");
  one->send({.body = "hello"});
  EXPECT_FALSE(other->receive(0ms));
  EXPECT_TRUE(same->receive(0ms));
}

TEST(MemoryQueue, LivesAsLongAsAnybodyHoldsIt) {
  auto queue = open("memory:held");
  queue->send({{.body = "a"}, {.body = "b"}});
  std::optional<Delivery> held = queue->receive(0ms);
  queue.reset();
  EXPECT_EQ(open("memory:held")->counts().ready, 1u);
  held.reset();
  EXPECT_EQ(open("memory:held")->counts().ready, 0u);
}

}  // namespace
}  // namespace waybill::queue
