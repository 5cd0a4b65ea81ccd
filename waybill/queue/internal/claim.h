// Claim: which message, and which delivery of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include <waybill/queue/message.h>

namespace waybill::queue::internal {

// The attempt is the lease token: it rises with every delivery of a message and ids are never used
// again, so that no two deliveries have the same claim and a stale one is told by comparison.
struct Claim {
  std::int64_t id;
  std::uint32_t attempt;
};

struct Taken {
  Claim claim;
  std::shared_ptr<const Message> message;
  Time enqueued_at;
};

inline Time now() noexcept {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace waybill::queue::internal
