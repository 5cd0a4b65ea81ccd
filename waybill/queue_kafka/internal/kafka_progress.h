// KafkaProgress: how far this process has written to each partition, so that it reads what it has
// written: a transaction's records become visible a little after its commit has returned.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include <waybill/queue_kafka/internal/kafka_record.h>

namespace waybill::queue::internal {

using KafkaPlace = std::pair<std::string, std::int32_t>;  // topic, partition

// Thread-safe.
class KafkaProgress {
 public:
  void wrote(std::span<const KafkaRecord> records, std::span<const std::int64_t> offsets) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < records.size(); ++i) {
      std::int64_t& end = ends_[{records[i].topic, records[i].partition}];
      end = std::max(end, offsets[i] + 1);
    }
  }

  // Behind the last record of this process; 0 if there is none.
  std::int64_t end_of(const KafkaPlace& place) const {
    const std::lock_guard lock(mutex_);
    const auto found = ends_.find(place);
    return found == ends_.end() ? 0 : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<KafkaPlace, std::int64_t> ends_;
};

}  // namespace waybill::queue::internal
