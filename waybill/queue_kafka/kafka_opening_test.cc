// Urls, what can be wrong with them, and servers that do not answer.

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_kafka/internal/kafka_settings.h>
#include <waybill/queue_kafka/queue_kafka.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using internal::parse_kafka_url;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

template <class Function>
std::string error_of(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(KafkaUrl, IsTakenApart) {
  const auto settings = parse_kafka_url(
      "kafka://user:pass%40word@a,b:7000,[::1]?queue=x.y_z-1&timeout=250&partitions=12&replicas=3"
      "&trim=yes");
  EXPECT_EQ(settings.user, "user");
  EXPECT_EQ(settings.password, "pass@word");
  EXPECT_EQ(settings.servers, "a:9092,b:7000,[::1]:9092");
  EXPECT_EQ(settings.queue, "x.y_z-1");
  EXPECT_EQ(settings.timeout, 250ms);
  EXPECT_EQ(settings.partitions, 12);
  EXPECT_EQ(settings.replicas, 3);
  EXPECT_TRUE(settings.trim);
  EXPECT_EQ(settings.description(), "queue 'x.y_z-1' at kafka://a:9092,b:7000,[::1]:9092");
}

TEST(KafkaUrl, HasDefaults) {
  const auto settings = parse_kafka_url("kafka://host?queue=q");
  EXPECT_EQ(settings.timeout, 5s);
  EXPECT_EQ(settings.partitions, 1);
  EXPECT_EQ(settings.replicas, -1);
  EXPECT_FALSE(settings.trim);
}

TEST(KafkaUrl, RefusesWhatItDoesNotKnow) {
  for (const std::string url :
       {"kafka://", "kafka://h", "kafka://h?queue=", "kafka://h/1?queue=q", "kafka://u@h?queue=q",
        "kafka://h?queue=q&x=1", "kafka://h:0?queue=q"}) {
    EXPECT_THAT(error_of([&] { parse_kafka_url(url); }), HasSubstr("'" + url + "'"));
  }
}

TEST(KafkaUrl, RefusesNamesThatAreNoneOfATopic) {
  for (const std::string name : {"a b", "a/b", "..", "a%25", "%C3%A4"}) {
    EXPECT_THAT(error_of([&] { parse_kafka_url("kafka://h?queue=" + name); }),
                AllOf(HasSubstr("'queue'"), HasSubstr("letters, digits")));
  }
}

TEST(KafkaUrl, SaysWhichParameterIsOutOfItsRange) {
  EXPECT_THAT(error_of([] { parse_kafka_url("kafka://h?queue=q&timeout=99"); }),
              AllOf(HasSubstr("'timeout'"), HasSubstr("'99'"), HasSubstr("100 to 600000")));
  EXPECT_THAT(error_of([] { parse_kafka_url("kafka://h?queue=q&partitions=0"); }),
              HasSubstr("'partitions'"));
  EXPECT_THAT(error_of([] { parse_kafka_url("kafka://h?queue=q&trim=1"); }),
              HasSubstr("yes or no"));
}

TEST(KafkaOpening, SaysWhereNoServerIs) {
  enable_kafka();
  // Nobody listens on port 1.
  const std::string error =
      error_of([] { open("kafka://me:secret@127.0.0.1:1?queue=q&timeout=300"); });
  EXPECT_THAT(error, AllOf(HasSubstr("queue 'q' at kafka://127.0.0.1:1"),
                           HasSubstr("cannot be opened"), Not(HasSubstr("secret"))));
}

}  // namespace
}  // namespace waybill::queue
