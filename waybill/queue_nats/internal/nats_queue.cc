#include <algorithm>
#include <set>
#include <utility>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_nats/internal/nats_access.h>
#include <waybill/queue_nats/internal/nats_queue.h>
#include <waybill/queue_nats/internal/nats_view.h>

namespace waybill::queue::internal {

using std::chrono::milliseconds;

namespace {

constexpr std::size_t kMostTaken = 1'000;

class NatsLease final : public Lease {
 public:
  NatsLease(std::shared_ptr<NatsAccess> access, NatsDelivery delivery) noexcept
      : access_(std::move(access)), delivery_(std::move(delivery)) {}

  Settlement ack() override {
    return access_->settle([&] { return access_->line().ack(delivery_); });
  }
  Settlement retry(milliseconds delay) override {
    return access_->settle([&] { return access_->line().retry(delivery_, delay); });
  }
  Settlement dead_letter(std::string_view reason) override {
    return access_->settle([&] { return access_->shelf().bury(delivery_, reason); });
  }
  Settlement extend(milliseconds visibility) override {
    return access_->settle([&] { return access_->line().extend(delivery_, visibility); });
  }

  NatsDelivery& delivery() noexcept { return delivery_; }
  bool is_of(const std::shared_ptr<NatsAccess>& access) const noexcept { return access_ == access; }

 private:
  std::shared_ptr<NatsAccess> access_;
  NatsDelivery delivery_;
};

}  // namespace

NatsQueue::NatsQueue(std::string_view url, const Options& options)
    : access_(std::make_shared<NatsAccess>(parse_nats_url(url), options.create,
                                           options.visibility_timeout)),
      visibility_timeout_(options.visibility_timeout),
      deduplication_window_(options.deduplication_window) {}

std::size_t NatsQueue::do_send(std::span<Message> messages) {
  return access_->call("could not store a message", [&] {
    std::vector<NatsKeys::Key> keys;
    std::vector<NatsLine::Sent> sent;
    sent.reserve(messages.size());
    std::set<std::string_view> in_this_batch;
    for (const Message& message : messages) {
      const std::string& key = message.deduplication_key;
      if (key.empty()) {
        sent.push_back({&message, {}});
        continue;
      }
      if (!in_this_batch.insert(key).second) continue;
      NatsKeys::Key claimed = access_->keys().claim(key, deduplication_window_);
      if (claimed.is_known) continue;
      sent.push_back({&message, {.id = claimed.id, .attempts = 0, .sent = now()}});
      keys.push_back(std::move(claimed));
    }
    if (sent.empty()) return std::size_t{0};
    const std::size_t stored = access_->line().send(sent);
    access_->keys().mark(keys, deduplication_window_);
    return stored;
  });
}

std::vector<Delivery> NatsQueue::do_receive(std::size_t max, milliseconds wait) {
  std::vector<NatsDelivery> found = access_->call("could not be read", [&] {
    return access_->intake().take(std::min(max, kMostTaken), wait, visibility_timeout_);
  });
  std::vector<Delivery> deliveries;
  deliveries.reserve(found.size());
  for (NatsDelivery& one : found) {
    Delivery::Contents contents{one.label.id, one.message, one.attempt, one.label.sent};
    deliveries.emplace_back(std::move(contents),
                            std::make_unique<NatsLease>(access_, std::move(one)));
  }
  return deliveries;
}

std::vector<Settlement> NatsQueue::do_ack(std::span<Lease* const> leases) {
  std::vector<Settlement> outcomes(leases.size(), Settlement::kFailed);
  std::vector<NatsDelivery*> ours;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < leases.size(); ++i) {
    auto* lease = dynamic_cast<NatsLease*>(leases[i]);
    if (lease != nullptr && lease->is_of(access_)) {
      ours.push_back(&lease->delivery());
      places.push_back(i);
    } else {
      outcomes[i] = leases[i]->ack();
    }
  }
  if (ours.empty()) return outcomes;
  access_->settle([&] {
    const std::vector<Settlement> acked = access_->line().ack(ours);
    for (std::size_t i = 0; i < acked.size(); ++i) outcomes[places[i]] = acked[i];
    return true;
  });
  return outcomes;
}

Counts NatsQueue::counts() {
  Counts counts = access_->call("could not be read", [&] {
    Counts found = count_nats(access_->jet(), access_->names(), access_->claims());
    found.dead = access_->shelf().dead();
    return found;
  });
  counts.failed_settlements = access_->failed_settlements();
  return counts;
}

std::vector<QueuedMessage> NatsQueue::peek(std::size_t max) {
  if (max == 0) return {};
  return access_->call("could not be read", [&] {
    return peek_nats(access_->jet(), access_->names(), access_->claims(), max);
  });
}

std::vector<DeadLetter> NatsQueue::dead_letters(std::size_t max) {
  return access_->call("could not be read", [&] { return access_->shelf().dead_letters(max); });
}

bool NatsQueue::retry_dead_letter(std::string_view id) {
  return access_->call("could not be written to", [&] { return access_->shelf().retry(id); });
}

bool NatsQueue::remove_dead_letter(std::string_view id) {
  return access_->call("could not be written to", [&] { return access_->shelf().remove(id); });
}

std::vector<std::string> NatsQueue::arrive(std::string_view group, std::uint32_t index,
                                           std::uint32_t total, std::string_view result) {
  return access_->call("could not be written to",
                       [&] { return access_->shelf().arrive(group, index, total, result); });
}

}  // namespace waybill::queue::internal
