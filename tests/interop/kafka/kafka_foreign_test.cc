// Other programs at the topics of a queue.

#include <chrono>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <waybill/core/error.h>
#include <waybill/core/scope.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_kafka/queue_kafka.h>

#include "tests/interop/kafka/shared_server.h"

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;

constexpr Options kLong{.visibility_timeout = 1h};

rd_kafka_t* client(rd_kafka_type_t type) {
  char reason[256];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  const std::string address = test::shared_kafka().address();
  rd_kafka_conf_set(conf, "bootstrap.servers", address.c_str(), reason, sizeof reason);
  rd_kafka_conf_set(conf, "group.id", "foreign", reason, sizeof reason);
  return rd_kafka_new(type, conf, reason, sizeof reason);
}

// As any program does it that knows Kafka alone.
void produce(const std::string& topic, const char* key, const char* value,
             const std::vector<std::pair<std::string, const char*>>& headers) {
  rd_kafka_t* producer = client(RD_KAFKA_PRODUCER);
  rd_kafka_headers_t* list = rd_kafka_headers_new(headers.size());
  for (const auto& [name, text] : headers) rd_kafka_header_add(list, name.c_str(), -1, text, -1);
  const std::size_t key_size = key == nullptr ? 0 : std::strlen(key);
  const std::size_t value_size = value == nullptr ? 0 : std::strlen(value);
  ASSERT_EQ(
      rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0),
                        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                        RD_KAFKA_V_VALUE(const_cast<char*>(value), value_size),
                        RD_KAFKA_V_KEY(key, key_size), RD_KAFKA_V_HEADERS(list), RD_KAFKA_V_END),
      RD_KAFKA_RESP_ERR_NO_ERROR);
  ASSERT_EQ(rd_kafka_flush(producer, 60'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  rd_kafka_destroy(producer);
}

TEST(KafkaForeign, WhatAnotherProgramSendsIsReceived) {
  enable_kafka();
  const auto queue = open(test::shared_kafka().url("foreign"), kLong);
  produce("foreign", "customer-7", "hello",
          {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
           {"waybill", "not ours"}});
  produce("foreign", nullptr, nullptr, {});
  auto first = queue->receive(60s);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->body(), "hello");
  EXPECT_EQ(first->id(), "0-0");
  EXPECT_EQ(first->context().span_id().to_hex(), "00f067aa0ba902b7");
  EXPECT_THAT(first->headers(), Contains(Pair("kafka-key", "customer-7")));
  EXPECT_THAT(first->headers(), Contains(Pair("waybill", "not ours")));
  EXPECT_LT(std::chrono::system_clock::now() - first->enqueued_at(), 1h);
  const auto second = queue->receive(60s);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->body(), "");
  EXPECT_THAT(second->headers(), IsEmpty());

  ASSERT_TRUE(first->dead_letter("no JSON"));
  const auto letters = queue->dead_letters(1);
  ASSERT_FALSE(letters.empty());
  EXPECT_EQ(letters[0].body, "hello");
  EXPECT_EQ(letters[0].id, "0-0");
  EXPECT_THAT(letters[0].headers, Contains(Pair("kafka-key", "customer-7")));
}

TEST(KafkaForeign, AnotherProgramFindsBodyAndHeaders) {
  enable_kafka();
  const auto queue = open(test::shared_kafka().url("foreign-reader"), kLong);
  const Context sender = Context::new_trace();
  {
    const Scope scope{sender};
    queue->send({.body = "hello", .headers = {{"content-type", "text/plain"}}});
  }
  rd_kafka_t* consumer = client(RD_KAFKA_CONSUMER);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, "foreign-reader", 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(consumer, list);
  rd_kafka_message_t* record = rd_kafka_consumer_poll(consumer, 60'000);
  ASSERT_NE(record, nullptr);
  ASSERT_EQ(record->err, RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_EQ(std::string(static_cast<char*>(record->payload), record->len), "hello");
  rd_kafka_headers_t* headers = nullptr;
  ASSERT_EQ(rd_kafka_message_headers(record, &headers), RD_KAFKA_RESP_ERR_NO_ERROR);
  const void* value = nullptr;
  std::size_t size = 0;
  ASSERT_EQ(rd_kafka_header_get_last(headers, "traceparent", &value, &size),
            RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_THAT(std::string(static_cast<const char*>(value), size),
              ::testing::HasSubstr(sender.trace_id().to_hex()));
  EXPECT_EQ(rd_kafka_header_get_last(headers, "content-type", &value, &size),
            RD_KAFKA_RESP_ERR_NO_ERROR);
  rd_kafka_message_destroy(record);
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(consumer);
}

}  // namespace
}  // namespace waybill::queue
