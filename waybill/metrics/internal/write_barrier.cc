#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <waybill/core/sanitizers.h>
#include <waybill/metrics/internal/write_barrier.h>

namespace waybill::internal {

// Read by every write: nothing that is written to lies beside it.
alignas(64) constinit std::atomic<bool> writes_have_barrier = true;

namespace {

#if WAYBILL_THREAD_SANITIZER

bool can_do_without() noexcept {
  return false;
}
bool pass_barrier() noexcept {
  return false;
}

#else

bool membarrier(int command) noexcept {
  return syscall(SYS_membarrier, command, 0, 0) == 0;
}

bool can_do_without() noexcept {
  static const bool can = [] {
    if (!membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED)) return false;
    writes_have_barrier.store(false, std::memory_order_release);
    return true;
  }();
  return can;
}

bool pass_barrier() noexcept {
  return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

#endif

// When the library is loaded, as registering takes milliseconds once there are other threads.
[[maybe_unused]] const bool registered_at_load = can_do_without();

}  // namespace

TakingDifferences::TakingDifferences() noexcept {
  if (!can_do_without()) return;
  writes_have_barrier.store(true);
  // Refused, by a sandbox that was made later: from now on, all writes keep it.
  may_end_ = pass_barrier();
}

// Who finds that it has ended finds what was taken, too.
TakingDifferences::~TakingDifferences() {
  if (may_end_) writes_have_barrier.store(false, std::memory_order_release);
}

void TakingDifferences::after_fork_in_child() noexcept {
  if (can_do_without()) writes_have_barrier.store(false, std::memory_order_release);
}

}  // namespace waybill::internal
