// Differences: what has been measured since the last time, for exporters that prefer delta
// temporality.
#pragma once

#include <chrono>
#include <cstdint>
#include <unordered_map>
#include <variant>
#include <vector>

#include <waybill/metrics/metric_data.h>

namespace waybill::internal {

struct CollectedMetric;

class Differences {
 public:
  // Points of which nothing has been measured are left out, and gauges are as they are.
  std::vector<MetricData> take(const std::vector<CollectedMetric>& metrics,
                               std::chrono::system_clock::time_point now);

 private:
  using Point = std::variant<NumberPoint, HistogramPoint, ExponentialHistogramPoint>;

  std::unordered_map<std::uint64_t, Point> taken_;  // by the points' ids
  std::chrono::system_clock::time_point last_;
};

}  // namespace waybill::internal
