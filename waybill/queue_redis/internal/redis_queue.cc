#include <algorithm>
#include <utility>

#include <waybill/queue_redis/internal/redis_access.h>
#include <waybill/queue_redis/internal/redis_queue.h>

namespace waybill::queue::internal {

using std::chrono::milliseconds;

namespace {

class RedisLease final : public Lease {
 public:
  RedisLease(std::shared_ptr<RedisAccess> access, std::string claim,
             std::string earlier_claim) noexcept
      : access_(std::move(access)),
        claim_(std::move(claim)),
        earlier_claim_(std::move(earlier_claim)) {}

  Settlement ack() override {
    return access_->settle([&] {
      const RedisStore::Acked acked = as_acked();
      return access_->store().ack({&acked, 1}).front() == Settlement::kDone;
    });
  }
  Settlement retry(milliseconds delay) override {
    return access_->settle([&] { return access_->store().retry(claim_, delay); });
  }
  Settlement dead_letter(std::string_view reason) override {
    return access_->settle([&] { return access_->store().dead_letter(claim_, reason); });
  }
  Settlement extend(milliseconds visibility) override {
    return access_->settle([&] { return access_->store().extend(claim_, visibility); });
  }

  RedisStore::Acked as_acked() const noexcept { return {claim_, earlier_claim_}; }
  bool is_of(const std::shared_ptr<RedisAccess>& access) const noexcept {
    return access_ == access;
  }

 private:
  std::shared_ptr<RedisAccess> access_;
  std::string claim_;
  std::string earlier_claim_;
};

}  // namespace

RedisQueue::RedisQueue(std::string_view url, const Options& options)
    : access_(std::make_shared<RedisAccess>(parse_redis_url(url), options.create)),
      visibility_timeout_(options.visibility_timeout),
      deduplication_window_(options.deduplication_window) {}

std::size_t RedisQueue::do_send(std::span<Message> messages) {
  return access_->call("could not store a message",
                       [&] { return access_->store().send(messages, deduplication_window_); });
}

std::vector<Delivery> RedisQueue::do_receive(std::size_t max, milliseconds wait) {
  std::vector<RedisStore::Taken> all = access_->call(
      "could not be read", [&] { return access_->store().take(max, wait, visibility_timeout_); });
  std::vector<Delivery> deliveries;
  deliveries.reserve(all.size());
  for (auto& [claim, entry] : all) {
    deliveries.emplace_back(
        Delivery::Contents{std::move(entry.id),
                           std::make_shared<const Message>(std::move(entry.message)),
                           entry.attempts + 1, entry.sent},
        std::make_unique<RedisLease>(access_, std::move(claim), std::move(entry.earlier_claim)));
  }
  return deliveries;
}

std::vector<Settlement> RedisQueue::do_ack(std::span<Lease* const> leases) {
  std::vector<Settlement> outcomes(leases.size(), Settlement::kFailed);
  std::vector<RedisStore::Acked> claims;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < leases.size(); ++i) {
    const auto* lease = dynamic_cast<const RedisLease*>(leases[i]);
    if (lease != nullptr && lease->is_of(access_)) {
      claims.push_back(lease->as_acked());
      places.push_back(i);
    } else {
      outcomes[i] = leases[i]->ack();
    }
  }
  for (std::size_t first = 0; first < claims.size(); first += kRedisMostTaken) {
    const std::size_t count = std::min(kRedisMostTaken, claims.size() - first);
    access_->settle([&] {
      const auto ours = access_->store().ack(std::span(claims).subspan(first, count));
      for (std::size_t i = 0; i < count; ++i) outcomes[places[first + i]] = ours[i];
      return true;
    });
  }
  return outcomes;
}

Counts RedisQueue::counts() {
  Counts counts = access_->call("could not be read", [&] { return access_->store().counts(); });
  counts.failed_settlements = access_->failed_settlements();
  return counts;
}

std::vector<QueuedMessage> RedisQueue::peek(std::size_t max) {
  if (max == 0) return {};
  return access_->call("could not be read", [&] { return access_->store().peek(max); });
}

std::vector<DeadLetter> RedisQueue::dead_letters(std::size_t max) {
  return access_->call("could not be read", [&] { return access_->store().dead_letters(max); });
}

bool RedisQueue::retry_dead_letter(std::string_view id) {
  return access_->call("could not be written to",
                       [&] { return access_->store().retry_dead_letter(id); });
}

bool RedisQueue::remove_dead_letter(std::string_view id) {
  return access_->call("could not be written to",
                       [&] { return access_->store().remove_dead_letter(id); });
}

std::vector<std::string> RedisQueue::arrive(std::string_view group, std::uint32_t index,
                                            std::uint32_t total, std::string_view result) {
  return access_->call("could not be written to",
                       [&] { return access_->store().arrive(group, index, total, result); });
}

}  // namespace waybill::queue::internal
