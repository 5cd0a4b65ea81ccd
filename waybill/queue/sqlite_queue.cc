#include <algorithm>
#include <thread>

#include <waybill/queue/internal/sqlite_access.h>
#include <waybill/queue/sqlite_queue.h>

namespace waybill::queue {

using internal::Claim;
using internal::SqliteAccess;
using internal::SqliteError;
using internal::SqliteStore;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

class SqliteLease final : public Lease {
 public:
  SqliteLease(std::shared_ptr<SqliteAccess> access, Claim claim) noexcept
      : access_(std::move(access)), claim_(claim) {}

  Settlement ack() override {
    return access_->settle([&] {
      return access_->store().ack({&claim_, 1}).front() == Settlement::kDone;
    });
  }
  Settlement retry(milliseconds delay) override {
    return access_->settle([&] { return access_->store().retry(access_->queue(), claim_, delay); });
  }
  Settlement dead_letter(std::string_view reason) override {
    return access_->settle([&] { return access_->store().dead_letter(claim_, reason); });
  }
  Settlement extend(milliseconds visibility) override {
    return access_->settle([&] { return access_->store().extend(claim_, visibility); });
  }

  const Claim& claim() const noexcept { return claim_; }
  bool is_in(const SqliteStore& store) const noexcept { return &access_->store() == &store; }

 private:
  std::shared_ptr<SqliteAccess> access_;
  Claim claim_;
};

// What is ready; else waits until something may be, and returns nothing. A locked file is one in
// which nothing is ready.
std::vector<internal::Taken> take_or_wait(const SqliteAccess& access, std::size_t max,
                                          milliseconds visibility,
                                          steady_clock::time_point deadline) {
  constexpr milliseconds kPauseWhenLocked{5};
  SqliteStore& store = access.store();
  try {
    const SqliteStore::Outlook outlook = store.look(access.queue());
    if (outlook.ready) return store.take(access.queue(), max, visibility);
    store.wait(outlook, deadline);
  } catch (const SqliteError& error) {
    if (!error.busy()) throw;
    std::this_thread::sleep_until(std::min(deadline, steady_clock::now() + kPauseWhenLocked));
  }
  return {};
}

}  // namespace

SqliteQueue::SqliteQueue(const std::string& file, const std::string& name, const Options& options)
    : access_(std::make_shared<SqliteAccess>(file, name, options.busy_timeout, options.create)),
      visibility_timeout_(options.visibility_timeout),
      deduplication_window_(options.deduplication_window) {}

std::size_t SqliteQueue::do_send(std::span<Message> messages) {
  return access_->call("could not store a message", [&] {
    return access_->store().send(access_->queue(), messages, deduplication_window_);
  });
}

std::vector<Delivery> SqliteQueue::do_receive(std::size_t max, milliseconds wait) {
  const auto deadline = steady_clock::now() + wait;
  std::vector<Delivery> deliveries;
  bool last;
  do {
    last = steady_clock::now() >= deadline;
    std::vector<internal::Taken> all = access_->call("could not be read", [&] {
      return take_or_wait(*access_, max, visibility_timeout_, deadline);
    });
    for (internal::Taken& taken : all) {
      deliveries.emplace_back(
          Delivery::Contents{std::to_string(taken.claim.id), std::move(taken.message),
                             taken.claim.attempt, taken.enqueued_at},
          std::make_unique<SqliteLease>(access_, taken.claim));
    }
  } while (deliveries.empty() && !last);
  return deliveries;
}

std::vector<Settlement> SqliteQueue::do_ack(std::span<Lease* const> leases) {
  std::vector<Settlement> outcomes(leases.size(), Settlement::kFailed);
  std::vector<Claim> claims;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < leases.size(); ++i) {
    const auto* lease = dynamic_cast<const SqliteLease*>(leases[i]);
    if (lease != nullptr && lease->is_in(access_->store())) {
      claims.push_back(lease->claim());
      places.push_back(i);
    } else {
      outcomes[i] = leases[i]->ack();
    }
  }
  access_->settle([&] {
    const std::vector<Settlement> ours = access_->store().ack(claims);
    for (std::size_t i = 0; i < places.size(); ++i) outcomes[places[i]] = ours[i];
    return true;
  });
  return outcomes;
}

Counts SqliteQueue::counts() {
  Counts counts =
      access_->call("could not be read", [&] { return access_->store().counts(access_->queue()); });
  counts.failed_settlements = access_->failed_settlements();
  return counts;
}

std::vector<QueuedMessage> SqliteQueue::peek(std::size_t max) {
  return access_->call("could not be read",
                       [&] { return access_->store().peek(access_->queue(), max); });
}

bool SqliteQueue::retry_dead_letter(std::string_view id) {
  return access_->call("could not be written to",
                       [&] { return access_->store().retry_dead_letter(access_->queue(), id); });
}

bool SqliteQueue::remove_dead_letter(std::string_view id) {
  return access_->call("could not be written to",
                       [&] { return access_->store().remove_dead_letter(access_->queue(), id); });
}

std::vector<std::string> SqliteQueue::arrive(std::string_view group, std::uint32_t index,
                                             std::uint32_t total, std::string_view result) {
  return access_->call("could not be written to", [&] {
    return access_->store().arrive(access_->queue(), group, index, total, result);
  });
}

std::vector<DeadLetter> SqliteQueue::dead_letters(std::size_t max) {
  return access_->call("could not be read",
                       [&] { return access_->store().dead_letters(access_->queue(), max); });
}

}  // namespace waybill::queue
