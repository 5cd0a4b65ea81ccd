// NatsClaims: notes of who may settle a message, where the consumer alone does not tell.
//
// JetStream lets whoever has received a message settle it, however late. So that one that is late
// does not settle what another has in hand by then, the two of them race for a note about the
// message: each replaces the one that it knows of, and who finds another one there has lost. Most
// messages need none: until the visibility time-out has passed nobody else can have them.
//
// Thread-safe. Throws NatsLost and NatsRefusal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/queue_nats/internal/nats_delivery.h>
#include <waybill/queue_nats/internal/nats_jetstream.h>
#include <waybill/queue_nats/internal/nats_names.h>

namespace waybill::queue::internal {

struct NatsClaim {
  std::uint64_t message = 0;   // whose it is
  std::uint64_t sequence = 0;  // its own, among the notes
  bool is_settled = false;     // by somebody who was late, and is about to remove the message
  std::uint32_t attempt = 0;
  Time until;
};

class NatsClaims {
 public:
  NatsClaims(NatsJetStream& jet, const NatsNames& names, int replicas)
      : jet_(jet), names_(names), replicas_(replicas) {}

  // Claims what was just received, its attempts counted on; leaves out what is somebody else's.
  void claim(std::vector<NatsDelivery>& deliveries, std::chrono::milliseconds visibility);
  // Makes ours a new one, until then, or for good. False: it was not ours any more.
  bool renew(NatsDelivery& delivery, Time until);
  bool win(NatsDelivery& delivery);
  // Where there is one: the message is settled.
  void forget(const NatsDelivery& delivery);

  std::vector<NatsClaim> all();

 private:
  void prepare();
  std::optional<NatsClaim> of(std::uint64_t message);
  bool replace(NatsDelivery& delivery, const std::string& text);
  bool claim_again(NatsDelivery& delivery, Time until);

  NatsJetStream& jet_;
  const NatsNames& names_;
  const int replicas_;
};

}  // namespace waybill::queue::internal
