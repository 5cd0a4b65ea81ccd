// KafkaRoundWriter: writes what a round of KafkaFlow is to change, all of it or nothing.
//
// Offsets and windows alone are a commit of the group's; with records they are a transaction. Of
// one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <waybill/queue_kafka/internal/kafka_client.h>
#include <waybill/queue_kafka/internal/kafka_flow.h>
#include <waybill/queue_kafka/internal/kafka_producer.h>
#include <waybill/queue_kafka/internal/kafka_progress.h>
#include <waybill/queue_kafka/internal/kafka_stop.h>

namespace waybill::queue::internal {

class KafkaRoundWriter {
 public:
  // `client` is the group's member.
  KafkaRoundWriter(const KafkaSettings& settings, KafkaProgress& progress, KafkaFlow& flow,
                   KafkaClient& client, const KafkaStop& stop);

  // Ends the flow's round: finished, or undone where this gives the failure. A transaction that
  // nobody knows the end of is asked about until that is known, or until the stop.
  std::optional<KafkaFailure> write();

 private:
  KafkaPartitions offsets();
  void commit(const rd_kafka_topic_partition_list_t& offsets);
  std::vector<std::int64_t> transact(const rd_kafka_topic_partition_list_t& offsets);
  bool has_come_through();
  void trim();

  const KafkaSettings& settings_;
  KafkaProgress& progress_;
  KafkaFlow& flow_;
  KafkaClient& client_;
  const KafkaStop& stop_;
  const std::string transactional_id_;
  std::unique_ptr<KafkaProducer> producer_;
  std::chrono::steady_clock::time_point trimmed_at_ = std::chrono::steady_clock::now();
};

}  // namespace waybill::queue::internal
