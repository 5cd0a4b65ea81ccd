// Lease: a consumer's claim to one delivered message, as the kind of queue that made it sees it.
//
// For those who write a queue. Users hold a Delivery, which owns a lease and asks it at most once
// to settle. A lease keeps alive whatever it needs: the Queue may be gone by the time it is used.
#pragma once

#include <chrono>
#include <string_view>

namespace waybill::queue {

enum class Settlement {
  kDone,
  // The message belongs to somebody else by now, or to nobody.
  kLost,
  // It could not be written; the claim stands as it was, and the call may be repeated.
  kFailed,
};

// Called by one thread at a time; different leases of a queue by any number at once. Durations are
// within 0 to ten years. May throw std::bad_alloc, after which nothing has changed.
class Lease {
 public:
  Lease() = default;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  // Settles nothing: the message comes back when the visibility time-out has passed.
  virtual ~Lease() = default;

  virtual Settlement ack() = 0;
  virtual Settlement retry(std::chrono::milliseconds delay) = 0;
  virtual Settlement dead_letter(std::string_view reason) = 0;
  // kDone: the time-out starts anew, and the lease stays in force.
  virtual Settlement extend(std::chrono::milliseconds visibility) = 0;
};

}  // namespace waybill::queue
