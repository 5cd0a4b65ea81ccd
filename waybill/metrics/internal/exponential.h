// Exponential histograms (OpenTelemetry metrics data model, "ExponentialHistogram"): the cell that
// a thread writes to, and the arithmetic of points.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include <waybill/metrics/internal/cells.h>
#include <waybill/metrics/metric_data.h>

namespace waybill::internal {

inline constexpr std::uint32_t kMostExponentialBuckets = 160;
inline constexpr std::int32_t kLeastScale = -10;
inline constexpr std::int32_t kMostScale = 20;

// The bucket of a positive value: that with base^index < value <= base^(index+1).
std::int32_t exponential_index(double value, std::int32_t scale) noexcept;

// The upper bound of a bucket: base^(index+1). Infinite where that is beyond double.
double exponential_bound(std::int32_t index, std::int32_t scale) noexcept;

struct ExponentialCell : DistributionCell {
  struct Side {
    std::atomic<std::int32_t> offset;  // the index of the first bucket
    std::atomic<std::uint32_t> size;   // how many are in use
    std::atomic<std::uint64_t> buckets[kMostExponentialBuckets];
  };
  std::atomic<std::uint64_t> zeros;
  std::atomic<std::int32_t> lowered;  // how far the scale is below the one to begin with
  Side positive;
  std::atomic<Side*> negative;  // made when it is needed
  ExemplarDraw draw;

  // Puts a value other than zero into its bucket, as part of a write.
  static void count(ExponentialCell& cell, Side& side, double magnitude, std::int32_t max_scale,
                    std::uint32_t max_buckets) noexcept;

 private:
  static void lower_scale(Side& side, std::int32_t by) noexcept;
};

// The same distribution with a smaller scale.
void lower_scale(ExponentialHistogramPoint& point, std::int32_t scale);

// Adds buckets, count and zeros; the result has the largest scale at which each side needs no more
// than max_buckets.
void add_buckets(ExponentialHistogramPoint& to, ExponentialHistogramPoint other,
                 std::uint32_t max_buckets);

// Takes away those of an earlier state of the same point, whose scale was no smaller.
void subtract_buckets(ExponentialHistogramPoint& from, ExponentialHistogramPoint earlier);

}  // namespace waybill::internal
