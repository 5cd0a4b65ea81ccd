#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/metrics/internal/exponential.h>
#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/meter.h>

namespace waybill::internal {
namespace {

using testing::ElementsAre;

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kSmallest = std::numeric_limits<double>::min();

// The examples of the data model's text.
TEST(ExponentialIndex, IsExactAtPowersOfTwo) {
  for (std::int32_t scale = kLeastScale; scale <= kMostScale; ++scale) {
    for (const int exponent : {-1022, -17, -1, 0, 1, 2, 10, 1023}) {
      const double power = std::ldexp(1.0, exponent);
      const double above = std::nextafter(power, kLargest);
      const std::int32_t index = exponential_index(power, scale);
      if (scale >= 0) {
        EXPECT_EQ(index, (std::int64_t{exponent} << scale) - 1) << scale << ' ' << exponent;
        EXPECT_EQ(exponential_index(above, scale), index + 1) << scale << ' ' << exponent;
      } else {
        EXPECT_EQ(index, (exponent - 1) >> -scale);
        EXPECT_EQ(exponential_index(above, scale), exponent >> -scale);
      }
    }
  }
}

TEST(ExponentialIndex, TakesSubnormalsForTheLeastNormal) {
  EXPECT_EQ(exponential_index(5e-324, 0), exponential_index(kSmallest, 0));
  EXPECT_EQ(exponential_index(kLargest, 0), 1023);
}

RC_GTEST_PROP(ExponentialIndex, IsWithinItsBounds, ()) {
  const double value =
      std::ldexp(1.0 + *rc::gen::inRange(0, 1 << 30) * 0x1p-30, *rc::gen::inRange(-500, 500));
  const std::int32_t scale = *rc::gen::inRange(kLeastScale, 15);
  const std::int32_t index = exponential_index(value, scale);
  // Rounding may put a value into the neighbouring bucket, within a few units of its bound.
  RC_ASSERT(value <= exponential_bound(index, scale) * (1 + 1e-14));
  RC_ASSERT(value >= exponential_bound(index - 1, scale) * (1 - 1e-14));
}

std::uint64_t buckets_sum(const ExponentialHistogramPoint& point) {
  std::uint64_t sum = point.zero_count;
  for (const auto* side : {&point.positive, &point.negative}) {
    for (const std::uint64_t count : side->buckets) sum += count;
  }
  return sum;
}

// A point as it has to be: each value in its bucket at the scale that the point has.
void expect_holds(const ExponentialHistogramPoint& point, const std::vector<double>& values) {
  ExponentialHistogramPoint expected;
  for (const double value : values) {
    ++expected.count;
    if (value == 0) {
      ++expected.zero_count;
      continue;
    }
    ExponentialHistogramPoint one;
    one.scale = point.scale;
    auto& side = value > 0 ? one.positive : one.negative;
    side.offset = exponential_index(std::abs(value), point.scale);
    side.buckets = {1};
    one.count = 0;
    expected.scale = point.scale;
    add_buckets(expected, one, 1'000'000);
  }
  RC_ASSERT(point.count == expected.count);
  RC_ASSERT(point.zero_count == expected.zero_count);
  RC_ASSERT(point.positive.buckets == expected.positive.buckets);
  RC_ASSERT(point.negative.buckets == expected.negative.buckets);
  if (!expected.positive.buckets.empty()) {
    RC_ASSERT(point.positive.offset == expected.positive.offset);
  }
  if (!expected.negative.buckets.empty()) {
    RC_ASSERT(point.negative.offset == expected.negative.offset);
  }
}

std::string next_name() {
  static int next = 0;
  return std::string("e").append(std::to_string(next++));
}

RC_GTEST_PROP(ExponentialHistogram, HoldsEachValueInItsBucket, ()) {
  const auto limit = static_cast<std::uint32_t>(*rc::gen::element(2, 3, 10, 160));
  const std::string name = next_name();
  const auto histogram =
      Meter("exponential.property").exponential_histogram(name, {.max_buckets = limit});
  const auto some = [] {
    const double magnitude =
        std::ldexp(1.0 + *rc::gen::inRange(0, 1 << 20) * 0x1p-20, *rc::gen::inRange(-40, 40));
    return *rc::gen::element(magnitude, magnitude, -magnitude, 0.0);
  };
  std::vector<double> values;
  const int size = *rc::gen::inRange(1, 60);
  for (int i = 0; i < size; ++i) values.push_back(some());
  for (const double value : values) histogram.record(value);
  const auto point = points_of<ExponentialHistogramPoint>("exponential.property", name).at(0);
  expect_holds(point, values);
  RC_ASSERT(point.positive.buckets.size() <= limit);
  RC_ASSERT(point.negative.buckets.size() <= limit);
  RC_ASSERT(point.min == *std::min_element(values.begin(), values.end()));
  RC_ASSERT(point.max == *std::max_element(values.begin(), values.end()));
  // And no smaller a scale than they need.
  if (point.scale < kMostScale) {
    const auto width = [&](bool positive) -> std::int64_t {
      std::int64_t low = std::numeric_limits<std::int64_t>::max();
      std::int64_t high = std::numeric_limits<std::int64_t>::min();
      for (const double value : values) {
        if (value == 0 || (value > 0) != positive) continue;
        const std::int64_t index = exponential_index(std::abs(value), point.scale + 1);
        low = std::min(low, index);
        high = std::max(high, index);
      }
      return high >= low ? high - low + 1 : 0;
    };
    RC_ASSERT(std::max(width(true), width(false)) > std::int64_t{limit});
  }
}

TEST(ExponentialHistogram, HoldsTheWholeRangeOfDoubles) {
  for (const std::uint32_t limit : {2U, 160U}) {
    const std::string name = next_name();
    const auto histogram =
        Meter("exponential.range").exponential_histogram(name, {.max_buckets = limit});
    for (const double value : {1.0, kLargest, kSmallest, -kLargest, -kSmallest, 0.0}) {
      histogram.record(value);
    }
    const auto point = points_of<ExponentialHistogramPoint>("exponential.range", name).at(0);
    EXPECT_EQ(point.count, 6U);
    EXPECT_EQ(buckets_sum(point), 6U);
    EXPECT_LE(point.positive.buckets.size(), limit);
    EXPECT_EQ(point.scale, limit == 2 ? -10 : -4);
  }
}

TEST(ExponentialHistogram, BeginsWithTheLargestScaleThatIsAllowed) {
  const auto histogram = Meter("exponential.scale").exponential_histogram("e", {.max_scale = 3});
  histogram.record(1.5);
  histogram.record(1.5);
  const auto point = points_of<ExponentialHistogramPoint>("exponential.scale", "e").at(0);
  EXPECT_EQ(point.scale, 3);
  EXPECT_THAT(point.positive.buckets, ElementsAre(2));
}

RC_GTEST_PROP(ExponentialArithmetic, SubtractingGivesBackWhatWasAdded, ()) {
  const auto some = [] {
    ExponentialHistogramPoint point;
    point.scale = *rc::gen::inRange(-3, 6);
    point.positive.offset = *rc::gen::inRange(-50, 50);
    point.positive.buckets = *rc::gen::container<std::vector<std::uint64_t>>(
        static_cast<std::size_t>(*rc::gen::inRange(1, 20)),
        rc::gen::cast<std::uint64_t>(rc::gen::inRange(1, 9)));
    point.count = buckets_sum(point);
    return point;
  };
  const ExponentialHistogramPoint a = some();
  const ExponentialHistogramPoint b = some();
  ExponentialHistogramPoint sum = a;
  add_buckets(sum, b, 160);
  RC_ASSERT(buckets_sum(sum) == a.count + b.count);
  ExponentialHistogramPoint rest = sum;
  subtract_buckets(rest, a);
  ExponentialHistogramPoint expected = b;
  lower_scale(expected, sum.scale);
  RC_ASSERT(rest.count == b.count);
  RC_ASSERT(rest.positive.offset == expected.positive.offset);
  RC_ASSERT(rest.positive.buckets == expected.positive.buckets);
}

}  // namespace
}  // namespace waybill::internal
