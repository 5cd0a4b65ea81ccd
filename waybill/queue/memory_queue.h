// MemoryQueue: a queue within one process, gone with the process.
//
// Usually opened by name, queue::open("memory:NAME"): every MemoryQueue of one name is a way into
// the same queue, which lives as long as a MemoryQueue or a Delivery of it does. What it holds is
// bounded by nothing but memory; of groups (arrive()), the last 100,000 are remembered.
#pragma once

#include <memory>
#include <string>

#include <waybill/queue/queue.h>

namespace waybill::queue {

namespace internal {
class MemoryStore;
}

class MemoryQueue final : public Queue {
 public:
  MemoryQueue(const std::string& name, const Options& options);

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

 private:
  std::shared_ptr<internal::MemoryStore> store_;
  std::chrono::milliseconds visibility_timeout_;
  std::chrono::milliseconds deduplication_window_;
};

}  // namespace waybill::queue
