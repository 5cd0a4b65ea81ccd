// Counting references to immutable, shared things.
#pragma once

#include <atomic>
#include <cstdint>

namespace waybill::internal {

inline void add_references(std::uint32_t& count, std::uint32_t number) noexcept {
  std::atomic_ref(count).fetch_add(number, std::memory_order_relaxed);
}
inline void add_reference(std::uint32_t& count) noexcept {
  add_references(count, 1);
}

// For whoever holds the only reference: nobody else can make another from it, so that no locked
// instruction is needed.
inline bool is_only_reference(std::uint32_t& count) noexcept {
  return std::atomic_ref(count).load(std::memory_order_acquire) == 1;
}
inline void make_second_reference(std::uint32_t& count) noexcept {
  std::atomic_ref(count).store(2, std::memory_order_relaxed);
}

// True for whoever drops the last one, and so has to destroy what was counted. Who holds all there
// are needs no locked instruction: nobody else can make another from it.
inline bool drop_references(std::uint32_t& count, std::uint32_t number) noexcept {
  const std::atomic_ref counter(count);
  return counter.load(std::memory_order_acquire) == number ||
         counter.fetch_sub(number, std::memory_order_acq_rel) == number;
}
inline bool drop_reference(std::uint32_t& count) noexcept {
  return drop_references(count, 1);
}

}  // namespace waybill::internal
