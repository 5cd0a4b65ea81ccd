// What stands in a queue, by looking. Throws NatsLost and NatsRefusal.
#pragma once

#include <cstddef>
#include <vector>

#include <waybill/queue/queue.h>
#include <waybill/queue_nats/internal/nats_claims.h>
#include <waybill/queue_nats/internal/nats_jetstream.h>
#include <waybill/queue_nats/internal/nats_names.h>

namespace waybill::queue::internal {

// Without the dead.
Counts count_nats(NatsJetStream& jet, const NatsNames& names, NatsClaims& claims);
std::vector<QueuedMessage> peek_nats(NatsJetStream& jet, const NatsNames& names, NatsClaims& claims,
                                     std::size_t max);

}  // namespace waybill::queue::internal
