// KafkaQueue: the Queue that open() returns for a url of Kafka.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <waybill/queue/queue.h>

namespace waybill::queue::internal {

class KafkaStore;

class KafkaQueue final : public Queue {
 public:
  // Throws waybill::Error when no server can be reached, it does not let us in, or has no such
  // queue and is not to have one.
  KafkaQueue(std::string_view url, const Options& options);

  Counts counts() override;
  std::vector<QueuedMessage> peek(std::size_t max) override;
  std::vector<DeadLetter> dead_letters(std::size_t max) override;
  bool retry_dead_letter(std::string_view id) override;
  bool remove_dead_letter(std::string_view id) override;
  std::vector<std::string> arrive(std::string_view group, std::uint32_t index, std::uint32_t total,
                                  std::string_view result) override;

 protected:
  std::size_t do_send(std::span<Message> messages) override;
  std::vector<Delivery> do_receive(std::size_t max, std::chrono::milliseconds wait) override;
  std::vector<Settlement> do_ack(std::span<Lease* const> leases) override;

 private:
  std::shared_ptr<KafkaStore> store_;
  std::chrono::milliseconds visibility_timeout_;
  std::chrono::milliseconds deduplication_window_;
};

}  // namespace waybill::queue::internal
