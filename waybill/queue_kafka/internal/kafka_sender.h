// KafkaSender: writes messages to the topics of a queue.
//
// One message goes by itself; several are one transaction. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include <waybill/queue_kafka/internal/kafka_producer.h>
#include <waybill/queue_kafka/internal/kafka_progress.h>
#include <waybill/queue_kafka/internal/kafka_topics.h>

namespace waybill::queue::internal {

class KafkaSender {
 public:
  KafkaSender(const KafkaSettings& settings, const KafkaTopics& topics, KafkaProgress& progress);

  // As they are to be written, all in partitions of one number: that keeps their order. Messages
  // are moved from.
  std::vector<KafkaRecord> records_of(std::span<Message> messages);

  // All or none. Throws KafkaFailure.
  void send(std::span<const KafkaRecord> records);

 private:
  std::shared_ptr<KafkaProducer> plain();

  const KafkaSettings& settings_;
  const KafkaTopics topics_;
  KafkaProgress& progress_;
  const std::string transactional_id_;
  std::atomic<std::uint32_t> next_partition_;
  std::mutex mutex_;
  std::shared_ptr<KafkaProducer> plain_;
  std::mutex batch_mutex_;
  std::unique_ptr<KafkaProducer> batches_;
};

}  // namespace waybill::queue::internal
