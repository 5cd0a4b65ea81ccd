// TokenBucket: lets so many through a second, and a number of them at once after a quiet time.
//
// One word, changed without a lock: the time up to which tokens have been spent. A bucket that has
// been quiet is full at the time that its capacity takes to fill, and never fuller.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>

namespace waybill::internal {

class TokenBucket {
 public:
  // Full. Up to 1,000,000 a second; the burst is to fill within a year.
  TokenBucket(double per_second, double burst) noexcept
      : token_(std::llround(kSecond / per_second)),
        capacity_(std::llround(kSecond / per_second * burst)) {}

  // Takes a token, if there is one. Thread-safe. A time before that of another call counts no less.
  bool take(std::chrono::steady_clock::time_point now) noexcept {
    const std::int64_t time =
        std::chrono::nanoseconds(now.time_since_epoch()).count() * kPerNanosecond;
    std::int64_t spent = spent_.load(std::memory_order_relaxed);
    for (;;) {
      const std::int64_t from = std::max(spent, time - capacity_);
      if (time - from < token_) return false;
      if (spent_.compare_exchange_weak(spent, from + token_, std::memory_order_relaxed))
        return true;
    }
  }

 private:
  // Finer than a nanosecond, for rates that do not divide a second. 2^63 of them are 18 years.
  static constexpr std::int64_t kPerNanosecond = 16;
  static constexpr double kSecond = 1e9 * kPerNanosecond;

  const std::int64_t token_;
  const std::int64_t capacity_;
  std::atomic<std::int64_t> spent_ = std::numeric_limits<std::int64_t>::min() / 2;
};

}  // namespace waybill::internal
