// Counting references to immutable, shared things.
#pragma once

#include <atomic>
#include <cstdint>

namespace waybill::internal {

inline void add_reference(std::uint32_t& count) noexcept {
  std::atomic_ref(count).fetch_add(1, std::memory_order_relaxed);
}

// True for whoever drops the last one, and so has to destroy what was counted. The only holder of
// the only reference needs no locked instruction: nobody else can make another from it.
inline bool drop_reference(std::uint32_t& count) noexcept {
  const std::atomic_ref counter(count);
  return counter.load(std::memory_order_acquire) == 1 ||
         counter.fetch_sub(1, std::memory_order_acq_rel) == 1;
}

}  // namespace waybill::internal
