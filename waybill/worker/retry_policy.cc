#include <algorithm>
#include <cmath>
#include <cstring>

#include <waybill/core/error.h>
#include <waybill/core/ids.h>
#include <waybill/worker/retry_policy.h>

namespace waybill::worker {
namespace {

using std::chrono::milliseconds;

double random_share() noexcept {
  const SpanId random = SpanId::random();
  std::uint64_t word;
  std::memcpy(&word, random.bytes(), sizeof word);
  return static_cast<double>(word >> 11) * 0x1p-53;
}

}  // namespace

milliseconds RetryPolicy::delay_after(std::uint32_t attempt) const {
  if (first_delay.count() == 0) return first_delay;
  const double grown = static_cast<double>(first_delay.count()) * std::pow(factor, attempt - 1.0);
  const double bounded = std::min(grown, static_cast<double>(longest_delay.count()));
  return milliseconds(static_cast<std::int64_t>(bounded * (1 - jitter * random_share())));
}

void check(const RetryPolicy& policy) {
  const auto refuse = [](const char* option, const std::string& value, const char* expected) {
    throw Error::bad_option(option, value, expected);
  };
  if (policy.max_attempts < 1) refuse("retry.max_attempts", "0", "1 or more");
  if (policy.first_delay < milliseconds(0)) {
    refuse("retry.first_delay", std::to_string(policy.first_delay.count()) + " ms", "0 or more");
  }
  if (policy.longest_delay < policy.first_delay ||
      policy.longest_delay > std::chrono::hours(24 * 365)) {
    refuse("retry.longest_delay", std::to_string(policy.longest_delay.count()) + " ms",
           "first_delay to a year");
  }
  if (!(policy.factor >= 1 && policy.factor <= 1e3)) {
    refuse("retry.factor", std::to_string(policy.factor), "1 to 1000");
  }
  if (!(policy.jitter >= 0 && policy.jitter <= 1)) {
    refuse("retry.jitter", std::to_string(policy.jitter), "0 to 1");
  }
}

}  // namespace waybill::worker
