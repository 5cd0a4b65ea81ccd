// Durations from outside, brought into a range in which clock arithmetic cannot overflow.
#pragma once

#include <algorithm>
#include <chrono>

namespace waybill::queue::internal {

// 0 to ten years.
constexpr std::chrono::milliseconds bounded(std::chrono::milliseconds duration) noexcept {
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 365 * 10);
  return std::clamp(duration, std::chrono::milliseconds::zero(), kLongest);
}

}  // namespace waybill::queue::internal
