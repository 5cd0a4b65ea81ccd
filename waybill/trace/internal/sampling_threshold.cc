#include <algorithm>
#include <cmath>
#include <exception>

#include <waybill/trace/internal/sampling_threshold.h>

namespace waybill::internal {
namespace {

constexpr int kDigits = 14;
constexpr int kPrecision = 4;

}  // namespace

std::uint64_t threshold_of_ratio(double ratio) noexcept {
  if (ratio >= 1) return 0;
  const auto sampled = static_cast<std::uint64_t>(std::llround(std::ldexp(ratio, 56)));
  int exponent = 0;
  std::frexp(ratio, &exponent);  // ratio < 2^exponent
  const int digits = std::min(kDigits, kPrecision + -exponent / 4);
  const std::uint64_t unit = std::uint64_t{1} << 4 * (kDigits - digits);
  return (kAllRandomness - sampled + unit / 2) / unit * unit;
}

std::uint64_t randomness_of(const TraceId& id, const OtTracestate& ot) noexcept {
  if (ot.randomness) return *ot.randomness;
  std::uint64_t value = 0;
  for (std::size_t i = TraceId::kSize - 7; i < TraceId::kSize; ++i) {
    value = value << 8 | id.bytes()[i];
  }
  return value;
}

SamplingAnswer answer_with_threshold(Sampling sampling, std::string_view parent,
                                     std::optional<std::uint64_t> threshold) noexcept {
  SamplingAnswer answer{.sampling = sampling};
  if (parent.empty() && !threshold) return answer;
  const OtTracestate before = read_ot_tracestate(parent);
  if (threshold ? before.threshold == threshold : !before.has_threshold) return answer;
  try {
    answer.tracestate = with_threshold(parent, threshold);
    answer.changes_tracestate = true;
  } catch (const std::exception&) {
    // Without memory. What others have said is better kept than half of it.
    answer.tracestate.clear();
  }
  return answer;
}

}  // namespace waybill::internal
