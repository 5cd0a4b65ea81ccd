// fork_count(): tells a process from the one it was forked from, without a system call.
//
// What belongs to threads, a pool say, notes the count when it is made. Where the count is another
// one later, this is a child process, and those threads do not exist in it.
#pragma once

#include <atomic>

#include <pthread.h>

namespace waybill::detail {

inline std::atomic<unsigned> forks_seen{0};

// Forks are seen from the first call on; any number of threads may call it.
inline unsigned fork_count() noexcept {
  [[maybe_unused]] static const int watching =
      pthread_atfork(nullptr, nullptr, [] { forks_seen.fetch_add(1, std::memory_order_relaxed); });
  return forks_seen.load(std::memory_order_relaxed);
}

}  // namespace waybill::detail
