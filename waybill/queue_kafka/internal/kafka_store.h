// KafkaStore: one queue in Kafka, as all of a process share it that have opened it.
//
// Thread-safe. What fails is thrown as KafkaFailure.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/queue/queue.h>
#include <waybill/queue_kafka/internal/kafka_consumer.h>
#include <waybill/queue_kafka/internal/kafka_ledger.h>
#include <waybill/queue_kafka/internal/kafka_reader.h>
#include <waybill/queue_kafka/internal/kafka_sender.h>

namespace waybill::queue::internal {

class KafkaStore {
 public:
  // The one of this queue; a new one if nobody holds it.
  static std::shared_ptr<KafkaStore> open(const KafkaSettings& settings, bool create);

  KafkaStore(const KafkaSettings& settings, const KafkaTopics& topics);

  std::size_t send(std::span<Message> messages, std::chrono::milliseconds deduplication_window);
  std::vector<KafkaTaken> take(std::size_t max, std::chrono::milliseconds wait,
                               std::chrono::milliseconds visibility);
  std::vector<Settlement> settle(std::vector<KafkaWish> wishes);

  Counts counts();
  std::vector<QueuedMessage> peek(std::size_t max);
  std::vector<DeadLetter> dead_letters(std::size_t max);
  bool retry_dead_letter(std::string_view id);
  bool remove_dead_letter(std::string_view id);
  std::vector<std::string> arrive(std::string_view group, std::uint32_t index, std::uint32_t total,
                                  std::string_view result);

  const std::string& description() const noexcept { return description_; }

 private:
  std::size_t send_keyed(std::span<Message> messages, std::chrono::milliseconds window);
  std::shared_ptr<KafkaConsumer> consumer(bool make);
  std::vector<KafkaSeen> look_at_all(bool with_bodies);
  std::vector<std::pair<std::int64_t, std::string>> live_dead_letters();
  bool take_dead_letter(std::string_view id, bool put_back);

  const KafkaSettings settings_;
  const std::string description_;
  const KafkaTopics topics_;
  KafkaProgress progress_;
  KafkaReader reader_;
  KafkaSender sender_;
  KafkaLedger ledger_;
  std::mutex mutex_;
  std::shared_ptr<KafkaConsumer> consumer_;
  std::atomic<std::uint64_t> failed_settlements_ = 0;
};

}  // namespace waybill::queue::internal
