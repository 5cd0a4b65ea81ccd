#include <waybill/queue/internal/memory_store.h>
#include <waybill/queue/memory_queue.h>

namespace waybill::queue {

namespace {

class MemoryLease final : public Lease {
 public:
  MemoryLease(std::shared_ptr<internal::MemoryStore> store, internal::Claim claim) noexcept
      : store_(std::move(store)), claim_(claim) {}

  Settlement ack() override { return outcome(store_->ack(claim_)); }
  Settlement retry(std::chrono::milliseconds delay) override {
    return outcome(store_->retry(claim_, delay));
  }
  Settlement dead_letter(std::string_view reason) override {
    return outcome(store_->dead_letter(claim_, reason));
  }
  Settlement extend(std::chrono::milliseconds visibility) override {
    return outcome(store_->extend(claim_, visibility));
  }

 private:
  static Settlement outcome(bool done) noexcept {
    return done ? Settlement::kDone : Settlement::kLost;
  }

  std::shared_ptr<internal::MemoryStore> store_;
  internal::Claim claim_;
};

}  // namespace

MemoryQueue::MemoryQueue(const std::string& name, const Options& options)
    : store_(internal::MemoryStore::named(name)),
      visibility_timeout_(options.visibility_timeout),
      deduplication_window_(options.deduplication_window) {}

std::size_t MemoryQueue::do_send(std::span<Message> messages) {
  return store_->send(messages, deduplication_window_);
}

std::vector<Delivery> MemoryQueue::do_receive(std::size_t max, std::chrono::milliseconds wait) {
  std::vector<Delivery> deliveries;
  for (internal::Taken& taken : store_->take(max, wait, visibility_timeout_)) {
    deliveries.emplace_back(
        Delivery::Contents{std::to_string(taken.claim.id), std::move(taken.message),
                           taken.claim.attempt, taken.enqueued_at},
        std::make_unique<MemoryLease>(store_, taken.claim));
  }
  return deliveries;
}

Counts MemoryQueue::counts() {
  return store_->counts();
}

std::vector<QueuedMessage> MemoryQueue::peek(std::size_t max) {
  return store_->peek(max);
}

bool MemoryQueue::retry_dead_letter(std::string_view id) {
  return store_->retry_dead_letter(id);
}

bool MemoryQueue::remove_dead_letter(std::string_view id) {
  return store_->remove_dead_letter(id);
}

std::vector<std::string> MemoryQueue::arrive(std::string_view group, std::uint32_t index,
                                             std::uint32_t total, std::string_view result) {
  return store_->arrive(group, index, total, result);
}

std::vector<DeadLetter> MemoryQueue::dead_letters(std::size_t max) {
  return store_->dead_letters(max);
}

}  // namespace waybill::queue
