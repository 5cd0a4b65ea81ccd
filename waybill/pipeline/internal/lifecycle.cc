// What the engine does at fork and at exit.
#include <waybill/pipeline/internal/deliveries.h>
#include <waybill/pipeline/internal/engine.h>
#include <waybill/pipeline/internal/thread_ring.h>

namespace waybill::internal {
namespace {

// How long a fork waits for a sink that is being written to.
constexpr std::chrono::seconds kLongestForkWait{1};

}  // namespace

void Engine::before_fork() noexcept {
  Deliveries::get().before_fork();
  // A sink that forks has the lock already.
  forking_with_lock_ =
      !consuming() && lock_.try_lock_until(std::chrono::steady_clock::now() + kLongestForkWait);
}

void Engine::after_fork_in_parent() noexcept {
  Deliveries::get().after_fork_in_parent();
  if (forking_with_lock_) lock_.unlock();
}

// The child has this thread alone. Records that are pending are the parent's to write.
void Engine::after_fork_in_child() noexcept {
  if (forking_with_lock_) {
    lock_.unlock();
  } else if (!consuming()) {
    lock_.make_new();
  }
  running_.store(false, std::memory_order_relaxed);
  sleeping_.store(false, std::memory_order_relaxed);
  flush_done_.store(flush_requested_.load(std::memory_order_relaxed), std::memory_order_relaxed);
  forget_thread_ring();
  collector_.after_fork_in_child();
  Deliveries::get().after_fork_in_child();
}

}  // namespace waybill::internal
