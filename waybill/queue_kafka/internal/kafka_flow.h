// KafkaFlow: what a process knows of the partitions it receives from, and what becomes of it.
//
// Changes are made in rounds: what is wished for is entered in the windows, they are written, all
// in one go, and then finish() makes it so in memory, or undo() takes it back. Nothing here talks
// to a server. Of one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <waybill/queue/lease.h>
#include <waybill/queue_kafka/internal/kafka_line.h>
#include <waybill/queue_kafka/internal/kafka_record.h>
#include <waybill/queue_kafka/internal/kafka_topics.h>

namespace waybill::queue::internal {

// What a consumer asks for concerning a message it was given.
struct KafkaWish {
  enum class Kind : std::uint8_t { kAck, kRetry, kDeadLetter, kExtend };

  KafkaEntryPtr entry = nullptr;
  std::uint32_t attempt = 0;
  Kind kind = Kind::kAck;
  std::chrono::milliseconds time{0};  // the delay, or the visibility time-out
  std::string reason = {};
  Settlement outcome = Settlement::kFailed;
};

// A message that a consumer is given.
struct KafkaTaken {
  KafkaEntryPtr entry;
  std::uint32_t attempt = 0;
};

// A message in memory, for whoever looks.
struct KafkaSeen {
  std::string id;
  std::shared_ptr<const Message> message;
  QueuedMessage::State state = QueuedMessage::State::kReady;
  std::uint32_t attempts = 0;
  Time enqueued_at;
};
struct KafkaSnapshot {
  // How far each partition has been read; what stands before is in `seen`, in line first.
  std::map<KafkaPlace, std::int64_t> read_to;
  std::vector<KafkaSeen> seen;
};

class KafkaFlow {
 public:
  KafkaFlow(const KafkaSettings& settings, const KafkaTopics& topics)
      : settings_(settings), topics_(topics) {}
  // The entries stay with whoever has them, and belong to nobody.
  ~KafkaFlow();
  KafkaFlow(const KafkaFlow&) = delete;
  KafkaFlow& operator=(const KafkaFlow&) = delete;

  // The group has given us this one, or given it back, where `committed` tells what has become of
  // it. To be read from read_to on.
  KafkaLog& start(const KafkaPlace& place, const KafkaCommitted& committed);
  // It is another's, or `lost`: for as long as nobody else has committed anything we go on with it.
  void stop(const KafkaPlace& place, bool lost);
  KafkaLog* find(const KafkaPlace& place);
  const std::map<KafkaPlace, std::unique_ptr<KafkaLog>>& logs() const noexcept { return logs_; }

  void read(KafkaLog& log, std::int64_t offset, KafkaMessage message);
  // What has not been read up to there are no messages.
  void read_nothing_to(KafkaLog& log, std::int64_t offset);
  KafkaLine& line() noexcept { return line_; }
  const KafkaLine& line() const noexcept { return line_; }
  KafkaSnapshot snapshot() const;

  // A round, in this order. Of a wish: false, it has to wait until the partition is ours again, or
  // for what is being written of the message.
  bool wish(KafkaWish& wish, Time now);
  std::vector<KafkaTaken> choose(std::size_t max, Time now, std::chrono::milliseconds visibility);
  // Keeps what is to be committed short enough for Kafka.
  void carry_forward();

  struct Round {
    struct Change {
      KafkaEntryPtr entry;
      KafkaWish* wish = nullptr;  // null: chosen or carried
      Time until = {};
      bool in_flight = false;
      int moved = -1;  // its place among the records
      bool stays = false;
    };
    std::map<KafkaLog*, KafkaWindow> before;
    std::vector<Change> changes;
    std::vector<KafkaRecord> records;
    std::vector<KafkaLog*> records_to;  // null: not here
  };
  const Round& round() const noexcept { return round_; }
  // The offsets of the records; below zero, where it is not known which.
  void finish(std::span<const std::int64_t> offsets);
  void undo();

 private:
  void touch(KafkaLog& log) { round_.before.try_emplace(&log, log.window); }
  void move(Round::Change change, const std::string& topic, std::int32_t partition, KafkaLog* to,
            const KafkaWish* dead);
  KafkaLog* retry_log(std::int32_t partition);
  void carry_forward(KafkaLog& log);
  void settle(const Round::Change& change, std::span<const std::int64_t> offsets);
  void stand(const KafkaEntryPtr& entry, Time until, bool in_flight);
  void forget(const KafkaEntryPtr& entry);
  void forget_all(KafkaLog& log);

  const KafkaSettings& settings_;
  const KafkaTopics topics_;
  std::map<KafkaPlace, std::unique_ptr<KafkaLog>> logs_;
  std::map<KafkaPlace, std::unique_ptr<KafkaLog>> lost_;
  KafkaLine line_;
  Round round_;
};

}  // namespace waybill::queue::internal
