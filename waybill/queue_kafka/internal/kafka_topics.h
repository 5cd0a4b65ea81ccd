// The topics of a queue: whether they are there, and making them.
#pragma once

#include <cstdint>
#include <vector>

#include <waybill/queue_kafka/internal/kafka_client.h>
#include <waybill/queue_kafka/internal/kafka_progress.h>

namespace waybill::queue::internal {

struct KafkaTopics {
  // Of the topic of what is sent, and of what is to wait.
  std::int32_t sent_partitions = 0;
  std::int32_t retry_partitions = 0;

  // All that messages are received from.
  std::vector<KafkaPlace> flow(const KafkaSettings& settings) const;
};

// Makes those that are missing, if `create`. Throws KafkaFailure; UNKNOWN_TOPIC_OR_PART when there
// is none and none is to be made.
KafkaTopics open_topics(const KafkaSettings& settings, bool create);

}  // namespace waybill::queue::internal
