// For tests: a queue in memory that fails as often as it is told.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/error.h>
#include <waybill/queue/queue.h>

namespace waybill::queue::internal {

class FaultyQueue final : public Queue {
 public:
  explicit FaultyQueue(const std::string& name) : inner_(open("memory:" + name)) {}

  // How many calls fail from here on.
  std::atomic<int> failing_sends = 0;
  std::atomic<int> failing_acks = 0;
  // No message with this body is taken.
  std::string refused_body = {};

  Counts counts() override { return inner_->counts(); }
  std::vector<QueuedMessage> peek(std::size_t max) override { return inner_->peek(max); }
  std::vector<DeadLetter> dead_letters(std::size_t max) override {
    return inner_->dead_letters(max);
  }
  bool retry_dead_letter(std::string_view id) override { return inner_->retry_dead_letter(id); }
  bool remove_dead_letter(std::string_view id) override { return inner_->remove_dead_letter(id); }
  std::vector<std::string> arrive(std::string_view group, std::uint32_t index, std::uint32_t total,
                                  std::string_view result) override {
    return inner_->arrive(group, index, total, result);
  }

 protected:
  std::size_t do_send(std::span<Message> messages) override {
    if (takes_one(failing_sends)) throw Error("the queue is full");
    for (const Message& message : messages) {
      if (!refused_body.empty() && message.body == refused_body) {
        throw Error("a message is " + refused_body);
      }
    }
    return inner_->send(std::vector<Message>(messages.begin(), messages.end()));
  }
  std::vector<Delivery> do_receive(std::size_t max, std::chrono::milliseconds wait) override {
    return inner_->receive(max, wait);
  }
  std::vector<Settlement> do_ack(std::span<Lease* const> leases) override {
    if (takes_one(failing_acks)) {
      return std::vector<Settlement>(leases.size(), Settlement::kFailed);
    }
    return Queue::do_ack(leases);
  }

 private:
  static bool takes_one(std::atomic<int>& left) noexcept {
    int now = left;
    while (now > 0 && !left.compare_exchange_weak(now, now - 1)) {
    }
    return now > 0;
  }

  const std::unique_ptr<Queue> inner_;
};

}  // namespace waybill::queue::internal
