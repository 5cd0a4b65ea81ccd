// NatsLine: the messages of a queue that are in line or put off, and those in hand.
//
// Thread-safe. Throws NatsLost and NatsRefusal.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <waybill/core/ids.h>
#include <waybill/queue/lease.h>
#include <waybill/queue_nats/internal/nats_claims.h>
#include <waybill/queue_nats/internal/nats_delivery.h>
#include <waybill/queue_nats/internal/nats_jetstream.h>
#include <waybill/queue_nats/internal/nats_names.h>

namespace waybill::queue::internal {

class NatsLine {
 public:
  NatsLine(NatsJetStream& jet, const NatsNames& names, NatsClaims& claims)
      : jet_(jet), names_(names), claims_(claims) {}

  // False: there is none, and none was to be made.
  bool open(bool create, std::chrono::milliseconds visibility);

  // Stores them in this order, with the ids given; an empty one is made up. How many were not there
  // under their ids.
  struct Sent {
    const Message* message;
    NatsLabel label;
    std::uint64_t moved_from = 0;
  };
  std::size_t send(std::span<const Sent> messages);

  std::vector<NatsDelivery> take(std::size_t max, std::chrono::milliseconds wait,
                                 std::chrono::milliseconds visibility);

  std::vector<Settlement> ack(std::span<NatsDelivery* const> deliveries);
  // False: it is somebody else's.
  bool ack(NatsDelivery& delivery);
  bool retry(NatsDelivery& delivery, std::chrono::milliseconds delay);
  bool extend(NatsDelivery& delivery, std::chrono::milliseconds visibility);
  // Makes it ours for as long as it takes to settle it.
  bool hold(NatsDelivery& delivery);
  // Ends it, once it is held.
  void finish(NatsDelivery& delivery, const char* word);

  void ring() { jet_.connection().publish(names_.bell(), ""); }

 private:
  using Clock = NatsConnection::Clock;

  class Turn;

  // What a consumer has now. One that counts nothing looks for as long as is said.
  std::vector<NatsMessage> pull(const char* consumer, std::size_t most,
                                std::chrono::milliseconds patience);
  // Consumers that say that they have nothing though there are more messages than are in hand: they
  // count what comes a little later than it is stored, and may have lost count.
  std::vector<const char*> overlooked();
  std::vector<NatsDelivery> look(std::size_t max, std::chrono::milliseconds visibility);
  std::vector<NatsDelivery> look_everywhere(std::size_t max, std::chrono::milliseconds visibility,
                                            std::chrono::milliseconds patience);
  std::vector<NatsDelivery> look_at(const char* consumer, std::size_t max,
                                    std::chrono::milliseconds visibility,
                                    std::chrono::milliseconds patience);
  // Those who find enough in "normal" look elsewhere then, at the latest.
  void look_everywhere_by(Clock::time_point time) noexcept;
  std::vector<NatsDelivery> accepted(std::vector<NatsMessage> messages, Clock::time_point asked,
                                     std::chrono::milliseconds visibility);
  bool may_be_mixed();
  void note_mixed() noexcept;
  void accept(std::vector<NatsDelivery>& found, Clock::time_point asked,
              std::chrono::milliseconds visibility);
  // Puts in line what is due, has the others come back when they are. How many were due.
  std::size_t sort(std::vector<NatsMessage> later);
  std::vector<NatsDelivery> wait(std::size_t max, Clock::time_point deadline,
                                 std::chrono::milliseconds visibility);
  void confirm_each(std::span<NatsDelivery* const> deliveries);
  // With one server: it settles what it is told over one connection in order, so that the answer to
  // the last is one to all. False: the connection has broken in between.
  bool confirm_last(std::span<NatsDelivery* const> deliveries);
  // What has been acked.
  bool is_still_ours(NatsDelivery& delivery);
  std::string leader_of(const NatsDelivery& delivery) const {
    return names_.line_stream() + '.' + delivery.consumer;
  }
  // Nothing has been sent by then.
  void check_size(std::size_t headers, std::size_t body) const;
  void put_off(const std::string& ack, std::chrono::nanoseconds delay);

  NatsJetStream& jet_;
  const NatsNames& names_;
  NatsClaims& claims_;
  std::chrono::milliseconds ack_wait_{0};
  const std::string who_ = SpanId::random().to_hex();
  std::atomic<std::uint64_t> sent_ = 0;

  std::mutex looking_;
  std::uint64_t notices_ = 0;  // that were seen
  std::atomic<Clock::rep> look_everywhere_at_ = 0;
  // Until then there may be messages in "high" and "low".
  std::atomic<Clock::rep> mixed_until_ = 0;

  std::mutex turns_;
  std::condition_variable turn_over_;
  bool is_waiting_ = false;
};

}  // namespace waybill::queue::internal
