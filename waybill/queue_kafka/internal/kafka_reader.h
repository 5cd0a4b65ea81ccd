// KafkaReader: reads topics from here to there, apart from the consumer group; and what the group
// has committed.
//
// For what looks at a whole queue, which a log makes costly: each call reads what it tells of from
// the server. Thread-safe; one call at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <waybill/queue_kafka/internal/kafka_client.h>
#include <waybill/queue_kafka/internal/kafka_progress.h>

namespace waybill::queue::internal {

struct KafkaCommitted {
  std::int64_t offset = -1;  // below zero: nothing yet
  std::string metadata;

  bool operator==(const KafkaCommitted&) const = default;
};

class KafkaReader {
 public:
  KafkaReader(const KafkaSettings& settings, const KafkaProgress& progress);

  // Calls `visit` for each record that is there and committed, from `begin` on (below zero: all),
  // and returns where it ended. All that this process has written is there. Throws KafkaFailure.
  std::int64_t read(const KafkaPlace& place, std::int64_t begin,
                    const std::function<void(const rd_kafka_message_t&)>& visit);

  // Of the group, in the order asked for. Throws KafkaFailure.
  std::vector<KafkaCommitted> committed(std::span<const KafkaPlace> places);

 private:
  const KafkaSettings settings_;
  const KafkaProgress& progress_;
  std::mutex mutex_;
  KafkaClient client_;
};

// Asks with any consumer of the group. Throws KafkaFailure.
std::vector<KafkaCommitted> committed_offsets(rd_kafka_t* consumer,
                                              std::span<const KafkaPlace> places,
                                              std::chrono::milliseconds timeout);

// The options of whoever reads.
KafkaOptions reading_options(const KafkaSettings& settings, std::chrono::milliseconds fetch_wait);

KafkaPartitions partitions_of(std::span<const KafkaPlace> places);

}  // namespace waybill::queue::internal
