#include <memory>

#include <waybill/queue_kafka/internal/kafka_limits.h>
#include <waybill/queue_kafka/internal/kafka_reader.h>

namespace waybill::queue::internal {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// How soon the server tells that nothing follows.
constexpr milliseconds kFetchWait{5};

// Records are delivered until this goes.
class Assigned {
 public:
  Assigned(rd_kafka_t* handle, const KafkaPlace& place, std::int64_t begin) : handle_(handle) {
    const KafkaPartitions list = partitions_of({&place, 1});
    list->elems[0].offset = begin < 0 ? RD_KAFKA_OFFSET_BEGINNING : begin;
    check_kafka(rd_kafka_assign(handle, list.get()));
  }
  Assigned(const Assigned&) = delete;
  Assigned& operator=(const Assigned&) = delete;
  ~Assigned() { rd_kafka_assign(handle_, nullptr); }

 private:
  rd_kafka_t* handle_;
};

}  // namespace

KafkaOptions reading_options(const KafkaSettings& settings, milliseconds fetch_wait) {
  return {
      {"group.id", settings.group()},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "earliest"},
      {"enable.partition.eof", "true"},
      {"isolation.level", "read_committed"},
      {"fetch.wait.max.ms", std::to_string(fetch_wait.count())},
      {"fetch.error.backoff.ms", "20"},
      {"fetch.message.max.bytes", std::to_string(kKafkaMostBytes)},
      {"fetch.max.bytes", std::to_string(2 * kKafkaMostBytes)},
      {"receive.message.max.bytes", std::to_string(3 * kKafkaMostBytes)},
      {"queued.max.messages.kbytes", "16384"},
  };
}

KafkaPartitions partitions_of(std::span<const KafkaPlace> places) {
  KafkaPartitions list(rd_kafka_topic_partition_list_new(static_cast<int>(places.size())));
  for (const auto& [topic, partition] : places) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  }
  return list;
}

std::vector<KafkaCommitted> committed_offsets(rd_kafka_t* consumer,
                                              std::span<const KafkaPlace> places,
                                              milliseconds timeout) {
  const KafkaPartitions list = partitions_of(places);
  check_kafka(rd_kafka_committed(consumer, list.get(), static_cast<int>(timeout.count())));
  std::vector<KafkaCommitted> all;
  for (const auto& [topic, partition] : places) {
    const rd_kafka_topic_partition_t* found =
        rd_kafka_topic_partition_list_find(list.get(), topic.c_str(), partition);
    if (found == nullptr) throw KafkaFailure(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION);
    check_kafka(found->err);
    KafkaCommitted committed{.offset = found->offset < 0 ? -1 : found->offset, .metadata = {}};
    if (found->metadata != nullptr) {
      committed.metadata.assign(static_cast<const char*>(found->metadata), found->metadata_size);
    }
    all.push_back(std::move(committed));
  }
  return all;
}

KafkaReader::KafkaReader(const KafkaSettings& settings, const KafkaProgress& progress)
    : settings_(settings),
      progress_(progress),
      client_(settings, RD_KAFKA_CONSUMER, reading_options(settings, kFetchWait)) {
  check_kafka(rd_kafka_poll_set_consumer(client_.get()));
}

std::vector<KafkaCommitted> KafkaReader::committed(std::span<const KafkaPlace> places) {
  const std::lock_guard lock(mutex_);
  return committed_offsets(client_.get(), places, settings_.timeout);
}

std::int64_t KafkaReader::read(const KafkaPlace& place, std::int64_t begin,
                               const std::function<void(const rd_kafka_message_t&)>& visit) {
  const std::lock_guard lock(mutex_);
  const std::int64_t written = progress_.end_of(place);
  std::int64_t first = 0;
  std::int64_t end = 0;
  check_kafka(rd_kafka_query_watermark_offsets(client_.get(), place.first.c_str(), place.second,
                                               &first, &end,
                                               static_cast<int>(settings_.timeout.count())));
  end = std::max(end, written);
  std::int64_t at = std::max(begin, first);
  if (at >= end) return at;
  const Assigned assigned(client_.get(), place, at);
  Clock::time_point deadline = Clock::now() + settings_.timeout;
  while (at < end) {
    constexpr int kPatience = 100;
    const std::unique_ptr<rd_kafka_message_t, KafkaFree> record(
        rd_kafka_consumer_poll(client_.get(), kPatience));
    if (record == nullptr) {
      if (Clock::now() > deadline) {
        const std::string refusal = client_.refusal();
        throw KafkaFailure(RD_KAFKA_RESP_ERR__TIMED_OUT,
                           refusal.empty() ? "no answer in time" : refusal);
      }
      continue;
    }
    if (record->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      at = std::max(at, record->offset);
      // What follows, if anything does, are marks of transactions.
      if (at >= written) break;
      continue;
    }
    if (record->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      if (Clock::now() > deadline) throw KafkaFailure(record->err);
      continue;
    }
    deadline = Clock::now() + settings_.timeout;
    at = record->offset + 1;
    visit(*record);
  }
  return at;
}

}  // namespace waybill::queue::internal
