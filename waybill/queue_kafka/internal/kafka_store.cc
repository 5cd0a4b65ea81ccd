#include <map>
#include <utility>

#include <waybill/queue/internal/bounded.h>
#include <waybill/queue/internal/claim.h>
#include <waybill/queue_kafka/internal/kafka_store.h>

namespace waybill::queue::internal {

using std::chrono::milliseconds;

std::shared_ptr<KafkaStore> KafkaStore::open(const KafkaSettings& settings, bool create) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<KafkaStore>> stores;
  const std::string key = settings.servers + '\n' + settings.user + '\n' + settings.password +
                          '\n' + settings.queue + '\n' + std::to_string(settings.timeout.count());
  const auto find = [&] {
    const auto found = stores.find(key);
    return found == stores.end() ? nullptr : found->second.lock();
  };
  {
    const std::lock_guard lock(mutex);
    if (auto store = find()) return store;
  }
  // While servers are asked, others may open their queues.
  auto made = std::make_shared<KafkaStore>(settings, open_topics(settings, create));
  const std::lock_guard lock(mutex);
  if (auto store = find()) return store;
  std::erase_if(stores, [](const auto& entry) { return entry.second.expired(); });
  stores[key] = made;
  return made;
}

KafkaStore::KafkaStore(const KafkaSettings& settings, const KafkaTopics& topics)
    : settings_(settings),
      description_(settings.description()),
      topics_(topics),
      reader_(settings_, progress_),
      sender_(settings_, topics_, progress_),
      ledger_(settings_, reader_, progress_) {}

std::size_t KafkaStore::send(std::span<Message> messages, milliseconds window) {
  for (const Message& message : messages) {
    if (!message.deduplication_key.empty()) return send_keyed(messages, window);
  }
  sender_.send(sender_.records_of(messages));
  return messages.size();
}

std::size_t KafkaStore::send_keyed(std::span<Message> messages, milliseconds window) {
  std::vector<std::string> keys;
  for (const Message& message : messages) keys.push_back(message.deduplication_key);
  const std::vector<KafkaRecord> records = sender_.records_of(messages);
  std::size_t sent = 0;
  ledger_.decide([&](KafkaLedger::Page& page) {
    sent = 0;
    const Time until = now() + window;
    std::map<std::string, bool> seen;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::string& key = keys[i];
      if (!key.empty()) {
        if (!seen.emplace(key, true).second || page.find("k" + key)) continue;
        page.put("k" + key, until, "");
      }
      page.write(records[i]);
      ++sent;
    }
  });
  return sent;
}

std::shared_ptr<KafkaConsumer> KafkaStore::consumer(bool make) {
  const std::lock_guard lock(mutex_);
  if (consumer_ == nullptr && make) {
    consumer_ = std::make_shared<KafkaConsumer>(settings_, topics_, progress_);
  }
  return consumer_;
}

std::vector<KafkaTaken> KafkaStore::take(std::size_t max, milliseconds wait,
                                         milliseconds visibility) {
  return consumer(true)->take(max, wait, visibility);
}

std::vector<Settlement> KafkaStore::settle(std::vector<KafkaWish> wishes) {
  std::vector<Settlement> outcomes = consumer(true)->settle(std::move(wishes));
  for (const Settlement outcome : outcomes) {
    if (outcome == Settlement::kFailed) failed_settlements_.fetch_add(1, std::memory_order_relaxed);
  }
  return outcomes;
}

std::vector<std::string> KafkaStore::arrive(std::string_view group, std::uint32_t index,
                                            std::uint32_t total, std::string_view result) {
  // In the order of their indexes.
  std::string number = std::to_string(index);
  number.insert(0, 10 - number.size(), '0');
  const std::string prefix = "a" + std::to_string(group.size()) + ':' + std::string(group) + '/';
  std::map<std::string, std::string> arrived;
  ledger_.decide([&](KafkaLedger::Page& page) {
    arrived = page.find_all(prefix);
    if (arrived.contains(prefix + number)) return;
    page.put(prefix + number, now() + kArrivalsKept, std::string(result));
    arrived.emplace(prefix + number, result);
  });
  std::vector<std::string> results;
  if (arrived.size() < total) return results;
  for (auto& [part, its_result] : arrived) results.push_back(std::move(its_result));
  return results;
}

}  // namespace waybill::queue::internal
