// KafkaDelivered: what becomes of a record that was given to the library to be sent.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include <librdkafka/rdkafka.h>

namespace waybill::queue::internal {

class KafkaSending;

struct KafkaDelivered {
  KafkaSending* sending;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::int64_t offset = -1;

  void note(rd_kafka_resp_err_t its_error, std::int64_t its_offset);
};

// Some of them, which one thread waits for. The library tells of each one it has taken, at the
// latest when the message time-out has passed.
class KafkaSending {
 public:
  explicit KafkaSending(std::size_t count) : records_(count, {this}) {}
  KafkaSending(const KafkaSending&) = delete;
  KafkaSending& operator=(const KafkaSending&) = delete;

  // To be given to the library, which has then taken it.
  KafkaDelivered* next() { return &records_[taken_++]; }
  void take_back() { --taken_; }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return noted_ == taken_; });
  }
  const std::vector<KafkaDelivered>& records() const noexcept { return records_; }

 private:
  friend struct KafkaDelivered;

  std::vector<KafkaDelivered> records_;
  std::size_t taken_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t noted_ = 0;
};

inline void KafkaDelivered::note(rd_kafka_resp_err_t its_error, std::int64_t its_offset) {
  error = its_error;
  offset = its_offset;
  const std::lock_guard lock(sending->mutex_);
  ++sending->noted_;
  sending->changed_.notify_one();
}

}  // namespace waybill::queue::internal
