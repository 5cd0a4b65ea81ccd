#include <algorithm>
#include <charconv>
#include <cstring>
#include <ctime>
#include <string>

#include <curl/curl.h>

#include <waybill/core/ids.h>
#include <waybill/otlp/internal/retry.h>

namespace waybill::internal {

using std::chrono::nanoseconds;

std::uint64_t random_bits() noexcept {
  const SpanId id = SpanId::random();
  std::uint64_t bits;
  std::memcpy(&bits, id.bytes(), sizeof bits);
  return bits;
}

nanoseconds Backoff::next(std::uint64_t random) noexcept {
  const nanoseconds limit = limit_;
  limit_ = std::min(2 * limit_, longest_);
  // Of 53 bits, as many as a double holds.
  const double part = static_cast<double>(random >> 11) / static_cast<double>(1ULL << 53);
  return nanoseconds(static_cast<std::int64_t>(part * static_cast<double>(limit.count())));
}

std::optional<nanoseconds> parse_retry_after(std::string_view value,
                                             std::chrono::system_clock::time_point now) noexcept {
  const auto first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return std::nullopt;
  value = value.substr(first, value.find_last_not_of(" \t\r\n") - first + 1);
  if (value.size() > 64) return std::nullopt;
  const auto bounded = [](std::chrono::seconds wait) -> nanoseconds {
    return std::clamp<std::chrono::seconds>(wait, std::chrono::seconds(0), kLongestRetryAfter);
  };
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    std::uint64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    const auto most = static_cast<std::uint64_t>(std::chrono::seconds(kLongestRetryAfter).count());
    if (error != std::errc()) seconds = most;  // more than fits
    return bounded(std::chrono::seconds(std::min(seconds, most)));
  }
  char date[65] = {};
  value.copy(date, value.size());
  // A date begins with a day's name; curl_getdate() would take "-5" for a time of the day.
  const char letter = date[0];
  if (letter < 'A' || letter > 'Z') return std::nullopt;
  const std::time_t then = curl_getdate(date, nullptr);
  if (then < 0) return std::nullopt;
  return bounded(
      std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::from_time_t(then) - now));
}

bool is_retryable_http_status(long status) noexcept {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace waybill::internal
