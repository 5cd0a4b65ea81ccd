// Servers that let nobody in who has not the password, and queues that are not there.

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_kafka/queue_kafka.h>

#include "tests/interop/kafka/shared_server.h"

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string error_of_opening(const std::string& url, const Options& options = {}) {
  enable_kafka();
  try {
    open(url, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(KafkaLogin, TakesUserAndPassword) {
  enable_kafka();
  const auto queue = open(test::shared_kafka().login_url("me:secret", "login"));
  queue->send({{.body = "a"}, {.body = "b"}});
  auto delivery = queue->receive(60s);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->body(), "a");
  EXPECT_TRUE(delivery->ack());
  EXPECT_EQ(queue->counts().ready, 1U);
}

TEST(KafkaLogin, SaysThatThePasswordIsWrongAndDoesNotTellIt) {
  // Said by the server: nothing is waited out.
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(
      error_of_opening(test::shared_kafka().login_url("me:guessed", "login") + "&timeout=600000"),
      AllOf(HasSubstr("queue 'login'"), HasSubstr("uthentication"), Not(HasSubstr("guessed"))));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 300s);
}

TEST(KafkaOpening, MakesNothingThatItIsNotToMake) {
  const std::string url = test::shared_kafka().url("not-there");
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(error_of_opening(url, {.create = false}),
                HasSubstr("there is no queue 'not-there' at kafka://"));
  }
}

}  // namespace
}  // namespace waybill::queue
