// KafkaMember: this process in the queue's consumer group. Which partitions it has been given, and
// reading them.
//
// What it learns goes into the KafkaFlow. Of one thread, but for the constructor. It joins the
// group when it is made.
#pragma once

#include <memory>

#include <waybill/queue_kafka/internal/kafka_client.h>
#include <waybill/queue_kafka/internal/kafka_flow.h>
#include <waybill/queue_kafka/internal/kafka_stop.h>

namespace waybill::queue::internal {

class KafkaMember final : private KafkaRebalanced {
 public:
  // Throws KafkaFailure.
  KafkaMember(const KafkaSettings& settings, KafkaFlow& flow, const KafkaStop& stop);

  KafkaClient& client() noexcept { return client_; }
  // Has been told once which partitions are ours.
  bool has_joined() const noexcept { return has_joined_; }

  // Reads what has come, and waits so many milliseconds for the first.
  void poll(int patience);
  // Ends a poll() that waits. Thread-safe.
  void wake() noexcept { rd_kafka_queue_yield(events_.get()); }
  // As far as the server is there to be told; else it finds out when the session times out.
  void leave();

 private:
  void read(const rd_kafka_message_t& record);
  void hold_back();
  void resume();
  KafkaPartitions sent_partitions(bool are_paused);
  void rebalanced(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& list) override;
  void assigned(rd_kafka_topic_partition_list_t& list);
  void start(rd_kafka_topic_partition_list_t& list);

  const KafkaSettings& settings_;
  KafkaFlow& flow_;
  const KafkaStop& stop_;
  bool has_joined_ = false;
  bool is_leaving_ = false;
  bool is_paused_ = false;
  KafkaClient client_;
  KafkaEventQueue events_;
};

}  // namespace waybill::queue::internal
