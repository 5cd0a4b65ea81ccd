// What comes from outside, brought into a range: durations, so that clock arithmetic cannot
// overflow.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace waybill::queue::internal {

// 0 to ten years.
constexpr std::chrono::milliseconds bounded(std::chrono::milliseconds duration) noexcept {
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 365 * 10);
  return std::clamp(duration, std::chrono::milliseconds::zero(), kLongest);
}

// How long Queue::arrive() remembers.
inline constexpr std::chrono::hours kArrivalsKept{24 * 10};

inline constexpr std::size_t kLongestDeduplicationKey = 256;

}  // namespace waybill::queue::internal
