#include <type_traits>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/queue_kafka/internal/kafka_queue.h>
#include <waybill/queue_kafka/internal/kafka_store.h>

namespace waybill::queue::internal {

using std::chrono::milliseconds;

namespace {

class KafkaLease final : public Lease {
 public:
  KafkaLease(std::shared_ptr<KafkaStore> store, KafkaTaken taken) noexcept
      : store_(std::move(store)), taken_(std::move(taken)) {}

  Settlement ack() override { return settle({}); }
  Settlement retry(milliseconds delay) override {
    return settle({.kind = KafkaWish::Kind::kRetry, .time = delay});
  }
  Settlement dead_letter(std::string_view reason) override {
    return settle({.kind = KafkaWish::Kind::kDeadLetter, .reason = std::string(reason)});
  }
  Settlement extend(milliseconds visibility) override {
    return settle({.kind = KafkaWish::Kind::kExtend, .time = visibility});
  }

  bool is_of(const std::shared_ptr<KafkaStore>& store) const noexcept { return store_ == store; }
  KafkaWish wish(KafkaWish what) const {
    what.entry = taken_.entry;
    what.attempt = taken_.attempt;
    return what;
  }

 private:
  Settlement settle(KafkaWish what) {
    std::vector<KafkaWish> wishes;
    wishes.push_back(wish(std::move(what)));
    return store_->settle(std::move(wishes)).front();
  }

  std::shared_ptr<KafkaStore> store_;
  KafkaTaken taken_;
};

// Returns what `function` does. A failure becomes an Error that says where and what.
template <class Function>
std::invoke_result_t<Function> call(const std::string& queue, const std::string& what,
                                    Function&& function) {
  try {
    return function();
  } catch (const KafkaFailure& failure) {
    throw Error(queue + " " + what + ": " + failure.what());
  }
}

std::shared_ptr<KafkaStore> open_store(std::string_view url, bool create) {
  const KafkaSettings settings = parse_kafka_url(url);
  return call(settings.description(), "cannot be opened", [&] {
    try {
      return KafkaStore::open(settings, create);
    } catch (const KafkaFailure& failure) {
      if (failure.code() != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) throw;
      throw Error("there is no " + settings.description());
    }
  });
}

}  // namespace

KafkaQueue::KafkaQueue(std::string_view url, const Options& options)
    : store_(open_store(url, options.create)),
      visibility_timeout_(options.visibility_timeout),
      deduplication_window_(options.deduplication_window) {}

std::size_t KafkaQueue::do_send(std::span<Message> messages) {
  return call(store_->description(), "could not store a message",
              [&] { return store_->send(messages, deduplication_window_); });
}

std::vector<Delivery> KafkaQueue::do_receive(std::size_t max, milliseconds wait) {
  std::vector<KafkaTaken> all = call(store_->description(), "could not be read",
                                     [&] { return store_->take(max, wait, visibility_timeout_); });
  std::vector<Delivery> deliveries;
  deliveries.reserve(all.size());
  for (KafkaTaken& taken : all) {
    const KafkaEntry& entry = *taken.entry;
    Delivery::Contents contents{entry.id, entry.message, taken.attempt, entry.enqueued_at};
    deliveries.emplace_back(std::move(contents),
                            std::make_unique<KafkaLease>(store_, std::move(taken)));
  }
  return deliveries;
}

std::vector<Settlement> KafkaQueue::do_ack(std::span<Lease* const> leases) {
  std::vector<Settlement> outcomes(leases.size(), Settlement::kFailed);
  std::vector<KafkaWish> wishes;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < leases.size(); ++i) {
    const auto* lease = dynamic_cast<const KafkaLease*>(leases[i]);
    if (lease != nullptr && lease->is_of(store_)) {
      wishes.push_back(lease->wish({}));
      places.push_back(i);
    } else {
      outcomes[i] = leases[i]->ack();
    }
  }
  if (wishes.empty()) return outcomes;
  const std::vector<Settlement> ours = store_->settle(std::move(wishes));
  for (std::size_t i = 0; i < ours.size(); ++i) outcomes[places[i]] = ours[i];
  return outcomes;
}

Counts KafkaQueue::counts() {
  return call(store_->description(), "could not be read", [&] { return store_->counts(); });
}

std::vector<QueuedMessage> KafkaQueue::peek(std::size_t max) {
  if (max == 0) return {};
  return call(store_->description(), "could not be read", [&] { return store_->peek(max); });
}

std::vector<DeadLetter> KafkaQueue::dead_letters(std::size_t max) {
  return call(store_->description(), "could not be read",
              [&] { return store_->dead_letters(max); });
}

bool KafkaQueue::retry_dead_letter(std::string_view id) {
  return call(store_->description(), "could not be written to",
              [&] { return store_->retry_dead_letter(id); });
}

bool KafkaQueue::remove_dead_letter(std::string_view id) {
  return call(store_->description(), "could not be written to",
              [&] { return store_->remove_dead_letter(id); });
}

std::vector<std::string> KafkaQueue::arrive(std::string_view group, std::uint32_t index,
                                            std::uint32_t total, std::string_view result) {
  return call(store_->description(), "could not be written to",
              [&] { return store_->arrive(group, index, total, result); });
}

}  // namespace waybill::queue::internal
