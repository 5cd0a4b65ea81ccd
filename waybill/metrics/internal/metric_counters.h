// The counters behind metric_counts().
#pragma once

#include <atomic>
#include <cstdint>

namespace waybill::internal {

struct MetricCounters {
  std::atomic<std::uint64_t> overflowed = 0;
  std::atomic<std::uint64_t> refused_attributes = 0;
  std::atomic<std::uint64_t> refused_values = 0;
  std::atomic<std::uint64_t> no_memory = 0;
  std::atomic<std::uint64_t> failed_callbacks = 0;
  std::atomic<std::uint64_t> collections = 0;
  std::atomic<std::uint64_t> exports = 0;
  std::atomic<std::uint64_t> failed_exports = 0;
};

inline MetricCounters& metric_counters() noexcept {
  static constinit MetricCounters all;
  return all;
}

inline void count_one(std::atomic<std::uint64_t>& counter) noexcept {
  counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace waybill::internal
