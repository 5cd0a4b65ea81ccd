// KafkaRecord: a message as it stands in a topic, and back.
//
// The value is the body and Kafka's headers are the message's, traceparent among them. What a queue
// knows beyond that is in one more header, "waybill"; a record without it is what another program
// has sent, and is as good: its id is its place in the topic.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <librdkafka/rdkafka.h>

#include <waybill/queue/message.h>

namespace waybill::queue::internal {

// To be written.
struct KafkaRecord {
  std::string topic;
  std::int32_t partition = 0;
  std::optional<std::string> key = std::nullopt;
  // None: what is kept under the key is to be forgotten.
  std::optional<std::string> value = std::nullopt;
  Headers headers = {};
};

// A message, and what has become of it up to here.
struct KafkaMessage {
  std::string id = {};  // empty: the place in the topic it is written to
  Message message = {};
  Time enqueued_at = {};
  // Handed out so often before it was written here.
  std::uint32_t attempts = 0;
  // Nobody gets it before: in flight, or delayed.
  Time due = {};
  bool in_flight = false;
  // Of dead letters alone.
  std::string reason = {};
  Time dead_at = {};
};

// Throws waybill::Error where a header's name has a NUL, which Kafka's clients do not read.
KafkaRecord to_record(KafkaMessage message, std::string topic, std::int32_t partition);

KafkaMessage to_message(const rd_kafka_message_t& record, bool is_retry_topic);

}  // namespace waybill::queue::internal
