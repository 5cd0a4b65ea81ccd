#include <algorithm>
#include <utility>

#include <waybill/metrics/internal/differences.h>
#include <waybill/metrics/internal/exponential.h>
#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/internal/wrapping_sum.h>

namespace waybill::internal {
namespace {

// Each of these makes `point` the difference to `before`. False: nothing has been measured.

bool subtract(NumberPoint& point, const NumberPoint& before, const Extremes&) {
  if (const auto* real = std::get_if<double>(&point.value)) {
    const auto* earlier = std::get_if<double>(&before.value);
    const double difference = *real - (earlier != nullptr ? *earlier : 0);
    point.value = difference;
    return difference != 0;
  }
  const auto* earlier = std::get_if<std::int64_t>(&before.value);
  const std::int64_t difference =
      wrapping_difference(std::get<std::int64_t>(point.value), earlier != nullptr ? *earlier : 0);
  point.value = difference;
  return difference != 0;
}

template <class Point>
void take_extremes(Point& point, const Extremes& since) {
  if (!since.measured) return;
  point.min = since.min;
  point.max = since.max;
}

bool subtract(HistogramPoint& point, const HistogramPoint& before, const Extremes& since) {
  for (std::size_t i = 0; i < std::min(point.buckets.size(), before.buckets.size()); ++i) {
    point.buckets[i] -= before.buckets[i];
  }
  point.count -= before.count;
  point.sum -= before.sum;
  take_extremes(point, since);
  return point.count != 0;
}

bool subtract(ExponentialHistogramPoint& point, const ExponentialHistogramPoint& before,
              const Extremes& since) {
  subtract_buckets(point, before);
  point.sum -= before.sum;
  take_extremes(point, since);
  return point.count != 0;
}

// What somebody else counts may have begun anew: then all of it is new.
bool began_anew(const NumberPoint& point, const NumberPoint& before, MetricKind kind) {
  return kind == MetricKind::kCounter && point.value < before.value;
}
template <class Point>
bool began_anew(const Point&, const Point&, MetricKind) {
  return false;
}

}  // namespace

std::vector<MetricData> Differences::take(const std::vector<CollectedMetric>& metrics,
                                          std::chrono::system_clock::time_point now) {
  std::vector<MetricData> result;
  std::unordered_map<std::uint64_t, Point> taken;
  for (const CollectedMetric& collected : metrics) {
    if (collected.metric.kind == MetricKind::kGauge) {
      result.push_back(collected.metric);
      continue;
    }
    MetricData metric = collected.metric;
    metric.temporality = Temporality::kDelta;
    const bool any = std::visit(
        [&]<class Value>(std::vector<Value>& points) {
          std::vector<Value> differences;
          for (std::size_t i = 0; i < points.size(); ++i) {
            Value& point = points[i];
            Value whole = point;
            whole.attributes.clear();
            whole.exemplars.clear();
            const auto found = taken_.find(collected.ids[i]);
            const Value* before =
                found != taken_.end() ? std::get_if<Value>(&found->second) : nullptr;
            if (before != nullptr && began_anew(point, *before, metric.kind)) before = nullptr;
            taken.emplace(collected.ids[i], std::move(whole));
            if (!subtract(point, before != nullptr ? *before : Value{}, collected.since[i])) {
              continue;
            }
            point.start = std::max(point.start, last_);
            std::erase_if(point.exemplars,
                          [this](const Exemplar& exemplar) { return exemplar.time < last_; });
            differences.push_back(std::move(point));
          }
          points = std::move(differences);
          return !points.empty();
        },
        metric.points);
    if (any) result.push_back(std::move(metric));
  }
  taken_ = std::move(taken);
  last_ = now;
  return result;
}

}  // namespace waybill::internal
