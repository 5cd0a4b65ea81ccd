#include <waybill/propagation/propagation.h>
#include <waybill/queue/delivery.h>
#include <waybill/queue/internal/bounded.h>

namespace waybill::queue {

Context Delivery::context() const {
  return extract(HeaderListCarrier(headers()), {.trusted = true});
}

bool Delivery::ack() {
  return lease_ != nullptr && settle(lease_->ack());
}

bool Delivery::retry(std::chrono::milliseconds delay) {
  return lease_ != nullptr && settle(lease_->retry(internal::bounded(delay)));
}

bool Delivery::dead_letter(std::string_view reason) {
  return lease_ != nullptr && settle(lease_->dead_letter(reason));
}

bool Delivery::extend(std::chrono::milliseconds visibility) {
  if (lease_ == nullptr) return false;
  const Settlement outcome = lease_->extend(internal::bounded(visibility));
  if (outcome == Settlement::kLost) lease_.reset();
  return outcome == Settlement::kDone;
}

bool Delivery::settle(Settlement outcome) noexcept {
  if (outcome != Settlement::kFailed) lease_.reset();
  return outcome == Settlement::kDone;
}

}  // namespace waybill::queue
