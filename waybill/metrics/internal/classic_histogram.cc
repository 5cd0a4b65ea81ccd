#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include <waybill/metrics/internal/classic_histogram.h>
#include <waybill/metrics/internal/exponential.h>

namespace waybill::internal {
namespace {

// So that bounds are the same from one scrape to the next, and from one process to the other.
constexpr std::int32_t kTextScale = 2;

// Room for all numbers at that scale, from 2^-1074 to 2^1024.
constexpr std::uint32_t kMostBuckets = (1074 + 1024) << kTextScale;

// `bounds` are some of those that it has. What is in no bucket is beyond all bounds.
void keep_bounds(HistogramPoint& point, const std::vector<double>& bounds) {
  std::vector<std::uint64_t> buckets(bounds.size() + 1);
  std::size_t to = 0;
  std::uint64_t within = 0;
  for (std::size_t i = 0; i < std::min(point.bounds.size(), point.buckets.size()); ++i) {
    while (to < bounds.size() && bounds[to] < point.bounds[i]) ++to;
    if (to == bounds.size()) break;
    buckets[to] += point.buckets[i];
    within += point.buckets[i];
  }
  buckets.back() = point.count - std::min(point.count, within);
  point.bounds = bounds;
  point.buckets = std::move(buckets);
}

template <class Point>
void add_distribution(Point& to, const Point& other) {
  to.min = to.count == 0 ? other.min : other.count == 0 ? to.min : std::min(to.min, other.min);
  to.sum += other.sum;
}

}  // namespace

HistogramPoint classic_histogram(const ExponentialHistogramPoint& exponential) {
  ExponentialHistogramPoint lower = exponential;
  lower_scale(lower, std::min(lower.scale, kTextScale));
  HistogramPoint point;
  static_cast<MetricPoint&>(point) = exponential;
  point.count = exponential.count;
  point.sum = exponential.sum;
  point.min = exponential.min;
  point.max = exponential.max;
  const auto add_bucket = [&point](double upper, std::uint64_t count) {
    if (upper > std::numeric_limits<double>::max()) return;
    point.bounds.push_back(upper);
    point.buckets.push_back(count);
  };
  const auto& negative = lower.negative;
  for (std::size_t i = negative.buckets.size(); i-- > 0;) {
    // From -base^(index+1) to -base^index.
    const std::int32_t index = negative.offset + static_cast<std::int32_t>(i);
    add_bucket(-exponential_bound(index - 1, lower.scale), negative.buckets[i]);
  }
  if (lower.zero_count != 0) add_bucket(lower.zero_threshold, lower.zero_count);
  const auto& positive = lower.positive;
  for (std::size_t i = 0; i < positive.buckets.size(); ++i) {
    const std::int32_t index = positive.offset + static_cast<std::int32_t>(i);
    add_bucket(exponential_bound(index, lower.scale), positive.buckets[i]);
  }
  std::uint64_t within = 0;
  for (const std::uint64_t count : point.buckets) within += count;
  point.buckets.push_back(point.count - std::min(point.count, within));
  return point;
}

void add_histogram(HistogramPoint& to, const HistogramPoint& other) {
  const HistogramPoint* addend = &other;
  HistogramPoint on_shared_bounds;
  if (to.bounds != other.bounds || to.buckets.size() != other.buckets.size()) {
    std::vector<double> shared;
    std::set_intersection(to.bounds.begin(), to.bounds.end(), other.bounds.begin(),
                          other.bounds.end(), std::back_inserter(shared));
    keep_bounds(to, shared);
    on_shared_bounds = other;
    keep_bounds(on_shared_bounds, shared);
    addend = &on_shared_bounds;
  }
  for (std::size_t i = 0; i < to.buckets.size(); ++i) to.buckets[i] += addend->buckets[i];
  add_distribution(to, *addend);
  to.count += addend->count;
}

bool add_histogram(ExponentialHistogramPoint& to, const ExponentialHistogramPoint& other) {
  if (to.zero_threshold != other.zero_threshold) return false;
  add_distribution(to, other);
  lower_scale(to, std::min(to.scale, kTextScale));
  ExponentialHistogramPoint addend = other;
  lower_scale(addend, to.scale);
  add_buckets(to, std::move(addend), kMostBuckets);
  return true;
}

}  // namespace waybill::internal
