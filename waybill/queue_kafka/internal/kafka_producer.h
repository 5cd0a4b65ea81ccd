// KafkaProducer: writes records, each for itself or all of them in one transaction.
//
// A producer with a transactional id writes transactions only, and shuts out whoever had that id
// before it. One that has thrown KafkaFailure from a transaction, or has met an error for good, is
// of no use any more: make another.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <waybill/queue_kafka/internal/kafka_client.h>
#include <waybill/queue_kafka/internal/kafka_record.h>

namespace waybill::queue::internal {

class KafkaProducer {
 public:
  // Offsets to be committed with a transaction, for the group of this consumer.
  struct Offsets {
    rd_kafka_t* consumer;
    const rd_kafka_topic_partition_list_t* list;
  };

  // Throws KafkaFailure. With an id: when transactions that were under way under it are decided.
  KafkaProducer(const KafkaSettings& settings, const std::string& transactional_id = "");

  // Returns the offset of each. Throws KafkaFailure if one of them has none: of the others, all may
  // be there. Thread-safe.
  std::vector<std::int64_t> write(std::span<const KafkaRecord> records);

  // All or none. If it throws, it is not known which. For one thread at a time.
  std::vector<std::int64_t> commit(std::span<const KafkaRecord> records,
                                   const Offsets* offsets = nullptr);

  // It cannot write any more.
  bool is_broken() const;

 private:
  int milliseconds() const noexcept { return static_cast<int>(settings_.timeout.count()); }

  const KafkaSettings settings_;
  KafkaClient client_;
};

// 16 random hex digits: for transactional ids and tokens.
std::string random_token();

}  // namespace waybill::queue::internal
