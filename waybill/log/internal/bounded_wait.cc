#include <poll.h>

#include <waybill/log/internal/bounded_wait.h>

namespace waybill::internal {

bool BoundedWait::until_writable(int descriptor) noexcept {
  if (in_vain_) return false;
  pollfd wanted = {.fd = descriptor, .events = POLLOUT, .revents = 0};
  in_vain_ = ::poll(&wanted, 1, static_cast<int>(longest_.count())) <= 0;
  return !in_vain_;
}

}  // namespace waybill::internal
