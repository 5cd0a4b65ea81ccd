// KafkaClient: a client of Kafka's library (librdkafka): its handle, its options, and what it says
// of itself; and how its failures are told.
//
// Thread-safe, as the library is.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <librdkafka/rdkafka.h>

#include <waybill/queue_kafka/internal/kafka_settings.h>

namespace waybill::queue::internal {

class KafkaFailure : public std::runtime_error {
 public:
  KafkaFailure(rd_kafka_resp_err_t code, const std::string& what)
      : std::runtime_error(what), code_(code) {}
  explicit KafkaFailure(rd_kafka_resp_err_t code) : KafkaFailure(code, rd_kafka_err2str(code)) {}

  rd_kafka_resp_err_t code() const noexcept { return code_; }

 private:
  rd_kafka_resp_err_t code_;
};

// Throws KafkaFailure for what is an error.
void check_kafka(rd_kafka_resp_err_t code);
void check_kafka(rd_kafka_error_t* error);  // takes it

struct KafkaFree {
  void operator()(rd_kafka_topic_partition_list_t* list) const noexcept {
    rd_kafka_topic_partition_list_destroy(list);
  }
  void operator()(rd_kafka_queue_t* queue) const noexcept { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_event_t* event) const noexcept { rd_kafka_event_destroy(event); }
  void operator()(rd_kafka_message_t* message) const noexcept { rd_kafka_message_destroy(message); }
  void operator()(rd_kafka_headers_t* headers) const noexcept { rd_kafka_headers_destroy(headers); }
  void operator()(rd_kafka_consumer_group_metadata_t* metadata) const noexcept {
    rd_kafka_consumer_group_metadata_destroy(metadata);
  }
  void operator()(const rd_kafka_metadata_t* metadata) const noexcept {
    rd_kafka_metadata_destroy(metadata);
  }
};
using KafkaPartitions = std::unique_ptr<rd_kafka_topic_partition_list_t, KafkaFree>;
using KafkaEventQueue = std::unique_ptr<rd_kafka_queue_t, KafkaFree>;
using KafkaEvent = std::unique_ptr<rd_kafka_event_t, KafkaFree>;

using KafkaOptions = std::vector<std::pair<std::string, std::string>>;

// What a consumer's owner is told, by the thread that polls it.
class KafkaRebalanced {
 public:
  virtual void rebalanced(rd_kafka_resp_err_t what,
                          rd_kafka_topic_partition_list_t& partitions) = 0;

 protected:
  ~KafkaRebalanced() = default;
};

class KafkaClient {
 public:
  // With what every client of a queue is set to, and `options`. Throws KafkaFailure. What becomes
  // of a producer's records is noted in the KafkaDelivered that their opaque points to.
  KafkaClient(const KafkaSettings& settings, rd_kafka_type_t type, const KafkaOptions& options,
              KafkaRebalanced* rebalanced = nullptr);
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;
  // Leaves a consumer group as it is.
  ~KafkaClient();

  rd_kafka_t* get() const noexcept { return handle_; }

  // No server could be reached when one was last tried.
  bool all_down() const noexcept { return all_down_.load(std::memory_order_relaxed); }
  void forget_all_down() noexcept { all_down_.store(false, std::memory_order_relaxed); }
  // The last that the library could not get over by itself: a wrong password, say. Empty: none.
  std::string refusal() const;

 private:
  static void on_event(rd_kafka_t*, rd_kafka_event_t* event, void* self);
  static void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t what,
                           rd_kafka_topic_partition_list_t* partitions, void* self);
  static void on_error(rd_kafka_t*, int code, const char* reason, void* self);

  KafkaRebalanced* rebalanced_;
  std::atomic<bool> all_down_ = false;
  mutable std::mutex mutex_;
  std::string refusal_;
  rd_kafka_t* handle_ = nullptr;
};

}  // namespace waybill::queue::internal
