// NatsLine: how messages get into a queue, and out of it once they are in hand.
//
// Thread-safe. Throws NatsLost and NatsRefusal.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <waybill/core/ids.h>
#include <waybill/queue/lease.h>
#include <waybill/queue_nats/internal/nats_attention.h>
#include <waybill/queue_nats/internal/nats_claims.h>
#include <waybill/queue_nats/internal/nats_delivery.h>
#include <waybill/queue_nats/internal/nats_jetstream.h>
#include <waybill/queue_nats/internal/nats_names.h>

namespace waybill::queue::internal {

class NatsLine {
 public:
  NatsLine(NatsJetStream& jet, const NatsNames& names, NatsClaims& claims, NatsAttention& attention)
      : jet_(jet), names_(names), claims_(claims), attention_(attention) {}

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

  std::vector<Settlement> ack(std::span<NatsDelivery* const> deliveries);
  // False: it is somebody else's.
  bool ack(NatsDelivery& delivery);
  bool retry(NatsDelivery& delivery, std::chrono::milliseconds delay);
  bool extend(NatsDelivery& delivery, std::chrono::milliseconds visibility);
  // Makes it ours for as long as it takes to settle it.
  bool hold(NatsDelivery& delivery);
  // Ends it, once it is held.
  void finish(NatsDelivery& delivery, const char* word);

  // The consumers' own.
  std::chrono::milliseconds ack_wait() const noexcept { return ack_wait_; }
  void ring() { jet_.connection().publish(names_.bell(), ""); }

 private:
  using Clock = NatsConnection::Clock;

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

  NatsJetStream& jet_;
  const NatsNames& names_;
  NatsClaims& claims_;
  NatsAttention& attention_;
  const std::array<std::string, 3> lines_{
      names_.line(Priority::kLow), names_.line(Priority::kNormal), names_.line(Priority::kHigh)};
  std::chrono::milliseconds ack_wait_{0};
  const std::string who_ = SpanId::random().to_hex();
  std::atomic<std::uint64_t> sent_ = 0;
};

}  // namespace waybill::queue::internal
