#include <algorithm>
#include <bit>
#include <utility>

#include <waybill/metrics/internal/cells.h>
#include <waybill/metrics/internal/exponential.h>
#include <waybill/metrics/internal/points.h>
#include <waybill/metrics/internal/thread_cells.h>
#include <waybill/metrics/internal/wrapping_sum.h>

namespace waybill::internal {
namespace {

using detail::Instrument;
using detail::Series;

std::vector<Series*> by_age(const Instrument& instrument) {
  std::vector<Series*> all;
  instrument.series.for_each([&all](Series& series) { all.push_back(&series); });
  std::sort(all.begin(), all.end(),
            [](const Series* a, const Series* b) { return a->index < b->index; });
  return all;
}

SystemTime start_of(const Series& series) {
  return SystemTime(std::chrono::duration_cast<SystemTime::duration>(
      std::chrono::nanoseconds(series.start.load(std::memory_order_relaxed))));
}

template <class Point>
Point begin_point(const Series& series, SystemTime now) {
  Point point;
  point.attributes = series.attributes;
  if (series.instrument.kind != MetricKind::kGauge) point.start = start_of(series);
  point.time = now;
  if (const auto* reservoir = series.exemplars.load(std::memory_order_acquire)) {
    point.exemplars = reservoir->exemplars(SystemTime::min());
  }
  return point;
}

// Calls read(cell) for each thread's cell. Whether there is a point.
template <class Cell, class Read>
bool read_cells(const Series& series, Read&& read) {
  bool any = series.bound.load(std::memory_order_relaxed);
  ThreadCells::get().for_each(series.index, [&](void* cell) {
    if (read(*static_cast<Cell*>(cell))) any = true;
  });
  return any;
}

double sum_of(double a, double b) noexcept {
  return a + b;
}
std::int64_t sum_of(std::int64_t a, std::int64_t b) noexcept {
  return wrapping_sum(a, b);
}

template <class Number>
bool read_sum(const Series& series, NumberPoint& point) {
  Number sum{};
  const bool any = read_cells<NumberCell<Number>>(series, [&sum](NumberCell<Number>& cell) {
    sum = sum_of(sum, cell.sum.load(std::memory_order_relaxed));
    return true;
  });
  point.value = sum;
  return any;
}

bool read_number(const Series& series, NumberPoint& point) {
  const Instrument& instrument = series.instrument;
  if (instrument.kind != MetricKind::kGauge) {
    return instrument.real ? read_sum<double>(series, point)
                           : read_sum<std::int64_t>(series, point);
  }
  if (!series.is_set.load(std::memory_order_acquire)) return false;
  const std::uint64_t bits = series.last_value.load(std::memory_order_relaxed);
  if (instrument.real) {
    point.value = std::bit_cast<double>(bits);
  } else {
    point.value = std::bit_cast<std::int64_t>(bits);
  }
  return true;
}

// Sum and extremes of one more thread.
template <class Point>
void add_distribution(const Distribution& cell, bool first, Point& point, Extremes& since) {
  point.sum += cell.sum;
  point.min = first ? cell.min : std::min(point.min, cell.min);
  point.max = first ? cell.max : std::max(point.max, cell.max);
  if (!cell.measured_since) return;
  since.min = since.measured ? std::min(since.min, cell.min_since) : cell.min_since;
  since.max = since.measured ? std::max(since.max, cell.max_since) : cell.max_since;
  since.measured = true;
}

bool read_histogram(const Series& series, bool take, HistogramPoint& point, Extremes& since) {
  point.bounds = series.instrument.bounds;
  point.buckets.resize(point.bounds.size() + 1);
  std::vector<std::uint64_t> buckets(point.buckets.size());
  const bool any = read_cells<HistogramCell>(series, [&](HistogramCell& cell) {
    Distribution distribution;
    const bool measured = read_cell(cell, take, distribution, [&](HistogramCell& it) {
      for (std::size_t i = 0; i < buckets.size(); ++i) {
        buckets[i] = it.buckets()[i].load(std::memory_order_acquire);
      }
    });
    if (!measured) return false;
    add_distribution(distribution, point.count == 0, point, since);
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      point.buckets[i] += buckets[i];
      point.count += buckets[i];
    }
    return true;
  });
  return any;
}

void read_side(ExponentialCell::Side& side, ExponentialHistogramPoint::Side& to) {
  constexpr auto kOrder = std::memory_order_acquire;
  // What is read while the thread writes may be anything, and is read again.
  const std::uint32_t size = std::min(side.size.load(kOrder), kMostExponentialBuckets);
  to.offset = side.offset.load(kOrder);
  to.buckets.resize(size);
  for (std::uint32_t i = 0; i < size; ++i) to.buckets[i] = side.buckets[i].load(kOrder);
}

bool read_exponential(const Series& series, bool take, ExponentialHistogramPoint& point,
                      Extremes& since) {
  const Instrument& instrument = series.instrument;
  point.scale = instrument.max_scale;
  return read_cells<ExponentialCell>(series, [&](ExponentialCell& cell) {
    Distribution distribution;
    ExponentialHistogramPoint own;
    const bool measured = read_cell(cell, take, distribution, [&](ExponentialCell& it) {
      own = {};
      own.scale = instrument.max_scale - it.lowered.load(std::memory_order_acquire);
      own.zero_count = it.zeros.load(std::memory_order_acquire);
      read_side(it.positive, own.positive);
      if (auto* negative = it.negative.load(std::memory_order_acquire)) {
        read_side(*negative, own.negative);
      }
    });
    if (!measured) return false;
    add_distribution(distribution, point.count == 0, point, since);
    own.count = own.zero_count;
    for (const auto* side : {&own.positive, &own.negative}) {
      for (const std::uint64_t count : side->buckets) own.count += count;
    }
    add_buckets(point, std::move(own), instrument.max_buckets);
    return true;
  });
}

// Points of one type, of all series for which read(series, point, since) finds something.
template <class Point, class Read>
void read_all(const Instrument& instrument, SystemTime now, CollectedMetric& result, Read&& read) {
  std::vector<Point> points;
  const std::vector<Series*> all = by_age(instrument);
  for (const Series* series : all) {
    Extremes since;
    auto point = begin_point<Point>(*series, now);
    if (!read(*series, point, since)) continue;
    points.push_back(std::move(point));
    result.ids.push_back(series->index);
    result.since.push_back(since);
  }
  result.metric.points = std::move(points);
}

MetricData begin_metric(const Instrument& instrument) {
  MetricData metric;
  metric.name = instrument.name;
  metric.unit = instrument.unit;
  metric.description = instrument.description;
  metric.kind = instrument.kind;
  metric.observable = instrument.observable;
  metric.scope = instrument.scope;
  return metric;
}

}  // namespace

CollectedMetric collect_measured(Instrument& instrument, SystemTime now, bool take) {
  CollectedMetric result;
  result.metric = begin_metric(instrument);
  switch (instrument.kind) {
    case MetricKind::kHistogram:
      read_all<HistogramPoint>(
          instrument, now, result,
          [take](const Series& series, HistogramPoint& point, Extremes& since) {
            return read_histogram(series, take, point, since);
          });
      break;
    case MetricKind::kExponentialHistogram:
      read_all<ExponentialHistogramPoint>(
          instrument, now, result,
          [take](const Series& series, ExponentialHistogramPoint& point, Extremes& since) {
            return read_exponential(series, take, point, since);
          });
      break;
    default:
      read_all<NumberPoint>(instrument, now, result,
                            [](const Series& series, NumberPoint& point, Extremes&) {
                              return read_number(series, point);
                            });
  }
  return result;
}

CollectedMetric collect_observed(Instrument& instrument, ObservedPoints& observed, SystemTime now) {
  CollectedMetric result;
  result.metric = begin_metric(instrument);
  std::vector<NumberPoint> points;
  observed.take([&](const ObservedPoints::Point& seen) {
    NumberPoint point;
    point.attributes = seen.attributes;
    if (instrument.kind != MetricKind::kGauge) point.start = seen.start;
    point.time = now;
    point.value = seen.value;
    points.push_back(std::move(point));
    result.ids.push_back(seen.id);
    result.since.emplace_back();
  });
  result.metric.points = std::move(points);
  return result;
}

}  // namespace waybill::internal
