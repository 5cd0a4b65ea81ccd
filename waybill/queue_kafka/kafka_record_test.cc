// Messages as records. The way back needs a record of the library's: see tests/interop/kafka.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/queue_kafka/internal/kafka_record.h>

namespace waybill::queue::internal {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Pair;

TEST(KafkaRecord, HasTheBodyAndTheHeadersAsTheyAre) {
  const KafkaRecord record = to_record({.id = "0-7",
                                        .message = {.body = "b", .headers = {{"a", "1"}, {"", ""}}},
                                        .enqueued_at = Time(12ms),
                                        .attempts = 2,
                                        .due = Time(34ms),
                                        .in_flight = true},
                                       "q.retry", 3);
  EXPECT_EQ(record.topic, "q.retry");
  EXPECT_EQ(record.partition, 3);
  EXPECT_EQ(record.value, "b");
  EXPECT_FALSE(record.key);
  EXPECT_THAT(record.headers,
              ElementsAre(Pair("waybill", "1 12 2 34 1 1 0 0-7"), Pair("a", "1"), Pair("", "")));
}

TEST(KafkaRecord, OfADeadLetterTellsWhy) {
  const KafkaRecord record =
      to_record({.id = "0-7", .due = {}, .reason = "no JSON", .dead_at = Time(5ms)}, "q.dead", 0);
  EXPECT_THAT(record.headers,
              ElementsAre(Pair("waybill", "1 0 0 0 1 0 5 0-7"), Pair("waybill-reason", "no JSON")));
}

TEST(KafkaRecord, RefusesNamesThatOthersCannotRead) {
  EXPECT_THROW(to_record({.message = {.headers = {{std::string("a\0b", 3), "1"}}}}, "q", 0), Error);
}

}  // namespace
}  // namespace waybill::queue::internal
