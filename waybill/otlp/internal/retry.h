// When to send again: exponential backoff with full jitter, and what a collector asks for itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include <waybill/otlp/otlp_options.h>

namespace waybill::internal {

// A uniformly random number of 64 bits, different in parent and child of a fork.
std::uint64_t random_bits() noexcept;

class Backoff {
 public:
  explicit Backoff(const OtlpRetry& retry) noexcept
      : first_(retry.first), longest_(retry.longest), limit_(retry.first) {}

  // The time until the next attempt: between nothing and a limit that has doubled since the one
  // before. `random` is a uniformly random number.
  std::chrono::nanoseconds next(std::uint64_t random) noexcept;

  // Something has been sent.
  void reset() noexcept { limit_ = first_; }

 private:
  std::chrono::nanoseconds first_;
  std::chrono::nanoseconds longest_;
  std::chrono::nanoseconds limit_;
};

// What a collector that asks for it is left in peace for, at most.
inline constexpr std::chrono::hours kLongestRetryAfter{1};

// The value of the header Retry-After (RFC 9110 section 10.2.3): seconds, or a date. Null when it
// cannot be read; never negative, never more than kLongestRetryAfter.
std::optional<std::chrono::nanoseconds> parse_retry_after(
    std::string_view value, std::chrono::system_clock::time_point now) noexcept;

// Whether an HTTP status says that the same request may succeed later (OTLP specification,
// "Failures").
bool is_retryable_http_status(long status) noexcept;

}  // namespace waybill::internal
