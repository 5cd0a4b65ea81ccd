#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <waybill/metrics/internal/exponential.h>

namespace waybill::internal {
namespace {

constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52) - 1;
constexpr int kBias = 1023;

// How far the scale has to be lowered until these indices are in so many buckets.
std::int32_t excess(std::int64_t low, std::int64_t high, std::uint32_t buckets) noexcept {
  std::int32_t by = 0;
  for (; high - low >= static_cast<std::int64_t>(buckets); ++by) {
    low >>= 1;
    high >>= 1;
  }
  return by;
}

using PointSide = ExponentialHistogramPoint::Side;

std::int64_t first_of(const PointSide& side) noexcept {
  return side.offset;
}
std::int64_t last_of(const PointSide& side) noexcept {
  return side.offset + static_cast<std::int64_t>(side.buckets.size()) - 1;
}

void lower_side(PointSide& side, std::int32_t by) {
  if (by <= 0 || side.buckets.empty()) return;
  PointSide lower;
  lower.offset = side.offset >> by;
  lower.buckets.resize(static_cast<std::size_t>((last_of(side) >> by) - lower.offset + 1));
  for (std::size_t i = 0; i < side.buckets.size(); ++i) {
    const std::int64_t index = (first_of(side) + static_cast<std::int64_t>(i)) >> by;
    lower.buckets[static_cast<std::size_t>(index - lower.offset)] += side.buckets[i];
  }
  side = std::move(lower);
}

void add_side(PointSide& to, const PointSide& other) {
  if (other.buckets.empty()) return;
  if (to.buckets.empty()) {
    to = other;
    return;
  }
  const std::int64_t first = std::min(first_of(to), first_of(other));
  const std::int64_t last = std::max(last_of(to), last_of(other));
  to.buckets.insert(to.buckets.begin(), static_cast<std::size_t>(first_of(to) - first), 0);
  to.offset = static_cast<std::int32_t>(first);
  to.buckets.resize(static_cast<std::size_t>(last - first + 1));
  for (std::size_t i = 0; i < other.buckets.size(); ++i) {
    to.buckets[i + static_cast<std::size_t>(other.offset - first)] += other.buckets[i];
  }
}

void trim(PointSide& side) {
  while (!side.buckets.empty() && side.buckets.back() == 0) side.buckets.pop_back();
  const auto used = std::find_if(side.buckets.begin(), side.buckets.end(),
                                 [](std::uint64_t count) { return count != 0; });
  side.offset += static_cast<std::int32_t>(used - side.buckets.begin());
  side.buckets.erase(side.buckets.begin(), used);
  if (side.buckets.empty()) side.offset = 0;
}

void subtract_side(PointSide& from, const PointSide& earlier) {
  for (std::size_t i = 0; i < earlier.buckets.size(); ++i) {
    const std::int64_t at = first_of(earlier) + static_cast<std::int64_t>(i) - from.offset;
    if (at < 0 || at >= static_cast<std::int64_t>(from.buckets.size())) continue;
    std::uint64_t& bucket = from.buckets[static_cast<std::size_t>(at)];
    bucket -= std::min(bucket, earlier.buckets[i]);
  }
  trim(from);
}

std::int32_t excess(const PointSide& a, const PointSide& b, std::uint32_t buckets) noexcept {
  if (a.buckets.empty() && b.buckets.empty()) return 0;
  if (a.buckets.empty()) return excess(first_of(b), last_of(b), buckets);
  if (b.buckets.empty()) return excess(first_of(a), last_of(a), buckets);
  return excess(std::min(first_of(a), first_of(b)), std::max(last_of(a), last_of(b)), buckets);
}

}  // namespace

std::int32_t exponential_index(double value, std::int32_t scale) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  auto exponent = static_cast<std::int32_t>(bits >> 52);
  std::uint64_t mantissa = bits & kMantissa;
  if (exponent == 0) {  // subnormal: as the least normal number
    exponent = 1;
    mantissa = 0;
  }
  exponent -= kBias;
  // A power of two is the upper bound of its bucket, exactly.
  if (scale <= 0) return (mantissa == 0 ? exponent - 1 : exponent) >> -scale;
  if (mantissa == 0) return static_cast<std::int32_t>((std::int64_t{exponent} << scale) - 1);
  const double significand =
      std::bit_cast<double>(mantissa | static_cast<std::uint64_t>(kBias) << 52);
  const auto steps = std::int64_t{1} << scale;
  const auto within =
      static_cast<std::int64_t>(std::log2(significand) * static_cast<double>(steps));
  return static_cast<std::int32_t>(std::int64_t{exponent} * steps + std::min(within, steps - 1));
}

double exponential_bound(std::int32_t index, std::int32_t scale) noexcept {
  const std::int64_t upper = std::int64_t{index} + 1;
  if (scale <= 0) {
    const std::int64_t exponent = upper * (std::int64_t{1} << -scale);
    return exponent > std::numeric_limits<int>::max() / 2
               ? std::numeric_limits<double>::infinity()
               : std::ldexp(1.0, static_cast<int>(std::max<std::int64_t>(exponent, -2000)));
  }
  const std::int64_t exponent = upper >> scale;
  const auto within = static_cast<double>(upper - (exponent << scale));
  return std::ldexp(std::exp2(std::ldexp(within, -scale)), static_cast<int>(exponent));
}

void ExponentialCell::lower_scale(Side& side, std::int32_t by) noexcept {
  const std::uint32_t size = side.size.load(std::memory_order_relaxed);
  if (size == 0) return;
  const std::int32_t offset = side.offset.load(std::memory_order_relaxed);
  const std::int32_t lower = offset >> by;
  std::uint64_t sums[kMostExponentialBuckets] = {};
  std::uint32_t used = 0;
  for (std::uint32_t i = 0; i < size; ++i) {
    used = static_cast<std::uint32_t>(((offset + static_cast<std::int32_t>(i)) >> by) - lower);
    sums[used] += side.buckets[i].load(std::memory_order_relaxed);
  }
  for (std::uint32_t i = 0; i < size; ++i) {
    side.buckets[i].store(i <= used ? sums[i] : 0, std::memory_order_release);
  }
  side.offset.store(lower, std::memory_order_release);
  side.size.store(used + 1, std::memory_order_release);
}

void ExponentialCell::count(ExponentialCell& cell, Side& side, double magnitude,
                            std::int32_t max_scale, std::uint32_t max_buckets) noexcept {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  constexpr auto kRelease = std::memory_order_release;
  std::int32_t index = exponential_index(magnitude, max_scale - cell.lowered.load(kRelaxed));
  std::uint32_t size = side.size.load(kRelaxed);
  if (size == 0) {
    side.offset.store(index, kRelease);
    size = 1;
    side.size.store(size, kRelease);
  }
  std::int32_t offset = side.offset.load(kRelaxed);
  if (index < offset || index >= offset + static_cast<std::int32_t>(size)) [[unlikely]] {
    const std::int32_t high = std::max(index, offset + static_cast<std::int32_t>(size) - 1);
    if (const std::int32_t by = excess(std::min(index, offset), high, max_buckets); by != 0) {
      lower_scale(cell.positive, by);
      if (Side* negative = cell.negative.load(kRelaxed); negative != nullptr) {
        lower_scale(*negative, by);
      }
      add_own(cell.lowered, by, kRelease);
      index >>= by;
      offset = side.offset.load(kRelaxed);
      size = side.size.load(kRelaxed);
    }
    if (index < offset) {  // makes room below
      const auto shift = static_cast<std::uint32_t>(offset - index);
      for (std::uint32_t i = size; i-- > 0;) {
        side.buckets[i + shift].store(side.buckets[i].load(kRelaxed), kRelease);
      }
      for (std::uint32_t i = 0; i < shift; ++i) side.buckets[i].store(0, kRelease);
      offset = index;
      side.offset.store(offset, kRelease);
      size += shift;
      side.size.store(size, kRelease);
    } else if (index >= offset + static_cast<std::int32_t>(size)) {
      size = static_cast<std::uint32_t>(index - offset) + 1;
      side.size.store(size, kRelease);
    }
  }
  add_own(side.buckets[index - offset], std::uint64_t{1}, kRelease);
}

void lower_scale(ExponentialHistogramPoint& point, std::int32_t scale) {
  const std::int32_t by = point.scale - scale;
  if (by <= 0) return;
  lower_side(point.positive, by);
  lower_side(point.negative, by);
  point.scale = scale;
}

void add_buckets(ExponentialHistogramPoint& to, ExponentialHistogramPoint other,
                 std::uint32_t max_buckets) {
  const std::int32_t scale = std::min(to.scale, other.scale);
  lower_scale(to, scale);
  lower_scale(other, scale);
  const std::int32_t by = std::max(excess(to.positive, other.positive, max_buckets),
                                   excess(to.negative, other.negative, max_buckets));
  lower_scale(to, scale - by);
  lower_scale(other, scale - by);
  add_side(to.positive, other.positive);
  add_side(to.negative, other.negative);
  to.count += other.count;
  to.zero_count += other.zero_count;
}

void subtract_buckets(ExponentialHistogramPoint& from, ExponentialHistogramPoint earlier) {
  lower_scale(earlier, from.scale);
  subtract_side(from.positive, earlier.positive);
  subtract_side(from.negative, earlier.negative);
  from.count -= std::min(from.count, earlier.count);
  from.zero_count -= std::min(from.zero_count, earlier.zero_count);
}

}  // namespace waybill::internal
