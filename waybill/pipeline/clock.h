// The clock of records: a reading costs the calling thread a few nanoseconds, and becomes a time of
// day on the background thread.
//
// Where the processor's time stamp counter runs at a constant rate on all cores, and the kernel
// trusts it, a reading is the counter (x86-64). Elsewhere it is CLOCK_REALTIME in nanoseconds.
#pragma once

#include <atomic>
#include <cstdint>
#include <ctime>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace waybill {

enum class ClockSource : std::uint8_t {
  kAutomatic,  // the counter where it can be trusted
  kTimeStampCounter,
  kSystem,
};

// Whether the counter can be trusted here. x86-64: the processor says that it is invariant, and the
// kernel lists it among its clock sources.
bool time_stamp_counter_is_reliable() noexcept;

namespace detail {

extern constinit std::atomic<bool> clock_is_counter;

inline std::uint64_t system_ticks() noexcept {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec);
}

// The counter; the system clock where there is none.
inline std::uint64_t counter() noexcept {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return system_ticks();
#endif
}

// A reading of the clock that is set. Thread-safe.
inline std::uint64_t ticks() noexcept {
  return clock_is_counter.load(std::memory_order_relaxed) ? counter() : system_ticks();
}

}  // namespace detail
}  // namespace waybill
