// BoundedLock: a mutex for which one need not wait for ever, which a signal handler may try, and
// which the child of a fork can make new. For a few threads that rarely meet.
#pragma once

#include <atomic>
#include <chrono>

#include <waybill/pipeline/internal/event.h>

namespace waybill::internal {

class BoundedLock {
 public:
  bool try_lock() noexcept { return !taken_.exchange(true, std::memory_order_acquire); }

  bool try_lock_until(std::chrono::steady_clock::time_point deadline) noexcept {
    if (try_lock()) return true;
    waiting_.fetch_add(1);
    bool locked = false;
    for (;;) {
      const std::uint32_t seen = released_.value();
      locked = try_lock();
      const auto left = deadline - std::chrono::steady_clock::now();
      if (locked || left <= std::chrono::nanoseconds::zero()) break;
      released_.wait(seen, left);
    }
    waiting_.fetch_sub(1);
    return locked;
  }

  void lock() noexcept {
    while (!try_lock_until(std::chrono::steady_clock::now() + std::chrono::hours(1))) {
    }
  }

  // Whether somebody waits. Who takes it again and again should then leave it for a moment.
  bool is_wanted() const noexcept { return waiting_.load(std::memory_order_relaxed) != 0; }

  void unlock() noexcept {
    taken_.store(false);
    if (waiting_.load() != 0) released_.signal();
  }

  // In the child of a fork, where whoever held it does not exist.
  void make_new() noexcept {
    taken_.store(false);
    waiting_.store(0);
  }

 private:
  std::atomic<bool> taken_ = false;
  std::atomic<int> waiting_ = 0;
  Event released_;
};

}  // namespace waybill::internal
