// The counters behind self_metrics().
#pragma once

#include <atomic>
#include <cstdint>

namespace waybill::internal {

struct Counters {
  std::atomic<std::uint64_t> consumed = 0;
  std::atomic<std::uint64_t> ring_full = 0;
  std::atomic<std::uint64_t> too_large = 0;
  std::atomic<std::uint64_t> no_memory = 0;
  std::atomic<std::uint64_t> sink_lost = 0;
  std::atomic<std::uint64_t> sink_bytes = 0;
  std::atomic<std::uint64_t> sink_failures = 0;
  std::atomic<std::uint64_t> passes = 0;
  std::atomic<std::uint64_t> flushes = 0;
  std::atomic<std::uint64_t> flush_nanoseconds = 0;
  std::atomic<std::uint64_t> longest_flush_nanoseconds = 0;
};

inline Counters& counters() noexcept {
  static constinit Counters all;
  return all;
}

inline void add_to(std::atomic<std::uint64_t>& counter, std::uint64_t number) noexcept {
  if (number != 0) counter.fetch_add(number, std::memory_order_relaxed);
}

}  // namespace waybill::internal
