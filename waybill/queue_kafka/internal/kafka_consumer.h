// KafkaConsumer: this process's member of the queue's consumer group, and the thread that it is.
//
// One thread reads, hands out, settles and commits, and has all of the state; calls are put before
// it and wait for it. What comes in while it waits for the server is written together afterwards.
// Calls are thread-safe. It joins the group when it is made, and leaves it when it goes, whatever
// is left unsettled.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <waybill/queue_kafka/internal/kafka_flow.h>
#include <waybill/queue_kafka/internal/kafka_member.h>
#include <waybill/queue_kafka/internal/kafka_progress.h>
#include <waybill/queue_kafka/internal/kafka_round_writer.h>
#include <waybill/queue_kafka/internal/kafka_stop.h>

namespace waybill::queue::internal {

class KafkaConsumer {
 public:
  // Throws KafkaFailure.
  KafkaConsumer(const KafkaSettings& settings, const KafkaTopics& topics, KafkaProgress& progress);
  ~KafkaConsumer();

  // Throws KafkaFailure where the server is away.
  std::vector<KafkaTaken> take(std::size_t max, std::chrono::milliseconds wait,
                               std::chrono::milliseconds visibility);
  // Says of each what has become of it.
  std::vector<Settlement> settle(std::vector<KafkaWish> wishes);
  // Throws KafkaFailure.
  KafkaSnapshot look();

 private:
  using Clock = std::chrono::steady_clock;

  struct Call {
    virtual ~Call() = default;
    Clock::time_point since = Clock::now();
    bool done = false;
    std::optional<KafkaFailure> failure;
  };
  struct Taking : Call {
    std::size_t max = 0;
    Clock::time_point until;
    std::chrono::milliseconds visibility{0};
    // What had been written by this process before is to be seen.
    std::vector<std::pair<KafkaPlace, std::int64_t>> ends;
    std::vector<KafkaTaken> taken;
  };
  struct Settling : Call {
    std::vector<KafkaWish> wishes;
  };
  struct Looking : Call {
    KafkaSnapshot snapshot;
  };
  template <class OneCall>
  using Calls = std::vector<std::shared_ptr<OneCall>>;

  template <class OneCall>
  bool wait_for(Calls<OneCall>& calls, const std::shared_ptr<OneCall>& call,
                Clock::time_point deadline);
  void answer(Call& call);
  bool is_over(const Call& call) const { return Clock::now() > call.since + settings_.timeout; }

  // Of the thread.
  void run();
  void take_calls();
  void serve();
  bool has_read_what_was_there() const;
  bool may_promote() const;
  bool is_caught_up(const Taking& call) const;
  bool answer_if_empty(Taking& call);
  int patience() const;

  const KafkaSettings settings_;
  KafkaProgress& progress_;
  const std::vector<KafkaPlace> places_;

  std::mutex mutex_;
  std::condition_variable answered_;
  Calls<Taking> new_taking_;
  Calls<Settling> new_settling_;
  Calls<Looking> new_looking_;

  // Of the thread.
  KafkaFlow flow_;
  Calls<Taking> taking_;
  Calls<Settling> settling_;
  Calls<Looking> looking_;
  // After a failure, the next attempt.
  std::optional<Clock::time_point> again_at_;
  std::optional<KafkaFailure> last_failure_;
  KafkaStop stop_;
  KafkaMember member_;
  KafkaRoundWriter writer_;
  std::thread thread_;
};

}  // namespace waybill::queue::internal
