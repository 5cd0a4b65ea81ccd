// KafkaLedger: what has to be looked up before it may be written: deduplication keys, the parts
// that have arrived, dead letters that are taken out.
//
// Kafka has no test-and-set, but of all producers with one transactional id only the latest can
// commit. So whoever decides takes the id, which ends or undoes what others had begun under it,
// reads what is known, and commits; and if another has taken the id meanwhile, does it again. A
// process that nobody interrupts keeps the id and what it has read.
//
// The topic of keys, which Kafka compacts, holds what is known: "UNTIL VALUE" under each key.
// Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/queue_kafka/internal/kafka_producer.h>
#include <waybill/queue_kafka/internal/kafka_progress.h>
#include <waybill/queue_kafka/internal/kafka_reader.h>

namespace waybill::queue::internal {

class KafkaLedger {
 public:
  // What is known while a plan is made.
  class Page {
   public:
    // None: not there, or forgotten.
    std::optional<std::string> find(const std::string& key) const;
    // All whose key begins so.
    std::map<std::string, std::string> find_all(const std::string& prefix) const;
    void put(const std::string& key, Time until, const std::string& value);
    void write(KafkaRecord record) { records_.push_back(std::move(record)); }

   private:
    friend class KafkaLedger;
    explicit Page(KafkaLedger& ledger) : ledger_(ledger) {}

    KafkaLedger& ledger_;
    std::vector<KafkaRecord> records_;
  };

  KafkaLedger(const KafkaSettings& settings, KafkaReader& reader, KafkaProgress& progress)
      : settings_(settings), reader_(reader), progress_(progress) {}

  // Writes what the plan puts on the page, if anything, as one transaction that nobody else's comes
  // between. The plan may be asked more than once; what it says last is what was done. Throws
  // KafkaFailure, after which it is not known whether it has been written, and what the plan
  // throws.
  void decide(const std::function<void(Page&)>& plan);

 private:
  struct Known {
    Time until;
    std::string value;
  };

  void read_on();
  void learn(const std::string& key, const std::optional<std::string>& text);
  void forget_old(Page& page);

  const KafkaSettings& settings_;
  KafkaReader& reader_;
  KafkaProgress& progress_;
  std::mutex mutex_;
  std::unique_ptr<KafkaProducer> producer_;
  std::map<std::string, Known> known_;
  std::multimap<Time, std::string> known_until_;
  std::int64_t read_to_ = -1;
};

}  // namespace waybill::queue::internal
