// The hot path. Nothing here is inlined elsewhere: see core/ambient_place.h.
#include <algorithm>
#include <bit>
#include <cmath>
#include <new>

#include <waybill/core/ambient_place.h>
#include <waybill/metrics/internal/cells.h>
#include <waybill/metrics/internal/exemplar_filter.h>
#include <waybill/metrics/internal/exponential.h>
#include <waybill/metrics/internal/metric_counters.h>
#include <waybill/metrics/internal/periodic_reader.h>
#include <waybill/metrics/internal/recording.h>
#include <waybill/metrics/internal/thread_cells.h>
#include <waybill/metrics/internal/wrapping_sum.h>

namespace waybill::internal {
namespace {

using detail::Instrument;
using detail::Series;

constinit std::atomic<ExemplarFilter> exemplar_filter = ExemplarFilter::kTraceBased;

// Where a measurement comes from, asked only as far as need be.
class InCurrentTrace {
 public:
  bool may_be_exemplar() const noexcept {
    const ExemplarFilter filter = exemplar_filter.load(std::memory_order_relaxed);
    if (filter != ExemplarFilter::kTraceBased) return filter == ExemplarFilter::kAlwaysOn;
    const detail::ContextNode* node = t_place.current.node();
    return node != nullptr && node->flags.sampled();
  }
  MeasuredIn trace() const noexcept {
    const detail::ContextNode* node = t_place.current.node();
    return node != nullptr ? MeasuredIn{node->trace_id, node->span_id} : MeasuredIn{};
  }
};

class InGivenTrace {
 public:
  explicit InGivenTrace(const MeasuredIn* trace) noexcept : trace_(trace) {}
  bool may_be_exemplar() const noexcept {
    const ExemplarFilter filter = exemplar_filter.load(std::memory_order_relaxed);
    if (filter != ExemplarFilter::kTraceBased) return filter == ExemplarFilter::kAlwaysOn;
    return trace_ != nullptr;
  }
  MeasuredIn trace() const noexcept { return trace_ != nullptr ? *trace_ : MeasuredIn{}; }

 private:
  const MeasuredIn* trace_;
};

template <class Origin>
[[gnu::noinline]] void offer(Series& series, ExemplarDraw& draw, std::size_t places,
                             std::size_t first_place, MetricNumber value,
                             const Origin& origin) noexcept {
  const std::size_t place = draw.next(places);
  if (place == ExemplarDraw::kNone) return;
  if (ExemplarReservoir* reservoir = series.reservoir(); reservoir != nullptr) {
    reservoir->put(first_place + place, value, origin.trace());
  }
}

std::size_t bytes_for(const Instrument& instrument) noexcept {
  switch (instrument.kind) {
    case MetricKind::kHistogram:
      return HistogramCell::size_for(instrument.bounds.size() + 1);
    case MetricKind::kExponentialHistogram:
      return sizeof(ExponentialCell);
    default:
      return instrument.real ? sizeof(NumberCell<double>) : sizeof(NumberCell<std::int64_t>);
  }
}

template <class Cell>
[[gnu::noinline]] Cell* make_cell(const Series& series) noexcept {
  void* memory = make_own_cell(series.index, bytes_for(series.instrument));
  if (memory == nullptr) count_one(metric_counters().no_memory);
  resume_periodic_reader();
  return static_cast<Cell*>(memory);
}

template <class Cell>
Cell* cell_of(const Series& series) noexcept {
  Cell* cell = own_cell<Cell>(series.index);
  return cell != nullptr ? cell : make_cell<Cell>(series);
}

template <class Number>
bool is_countable(const Series& series, Number number) noexcept {
  if constexpr (std::is_floating_point_v<Number>) {
    return number >= 0 ? number <= std::numeric_limits<Number>::max()
                       : !series.monotonic && number >= std::numeric_limits<Number>::lowest();
  } else {
    return number >= 0 || !series.monotonic;
  }
}

void add_own_sum(std::atomic<std::int64_t>& to, std::int64_t number) noexcept {
  to.store(wrapping_sum(to.load(std::memory_order_relaxed), number), std::memory_order_relaxed);
}
void add_own_sum(std::atomic<double>& to, double number) noexcept {
  add_own(to, number, std::memory_order_relaxed);
}

template <class Number, class Origin>
void add(Series& series, Number number, const Origin& origin) noexcept {
  if (!is_countable(series, number)) [[unlikely]]
    return count_one(metric_counters().refused_values);
  auto* cell = cell_of<NumberCell<Number>>(series);
  if (cell == nullptr) [[unlikely]]
    return;
  add_own_sum(cell->sum, number);
  if (origin.may_be_exemplar()) offer(series, cell->draw, 1, 0, number, origin);
}

template <class Number>
void set(Series& series, Number value) noexcept {
  series.last_value.store(std::bit_cast<std::uint64_t>(value), std::memory_order_relaxed);
  if (!series.is_set.load(std::memory_order_relaxed)) {
    series.is_set.store(true, std::memory_order_release);
    resume_periodic_reader();
  }
  const InCurrentTrace origin;
  if (!origin.may_be_exemplar()) return;
  auto* cell = cell_of<NumberCell<Number>>(series);
  if (cell != nullptr) offer(series, cell->draw, 1, 0, value, origin);
}

// How many of the bounds are less: the bucket whose upper bound, which belongs to it, is the first
// that is not. Without branches, as values come in any order.
std::size_t bucket_of(const std::vector<double>& bounds, double value) noexcept {
  const double* first = bounds.data();
  std::size_t left = bounds.size();
  while (left > 0) {
    const std::size_t half = (left + 1) / 2;
    first += first[half - 1] < value ? half : 0;
    left -= half;
  }
  return static_cast<std::size_t>(first - bounds.data());
}

template <class Origin>
void record_in_bounds(Series& series, double value, const Origin& origin) noexcept {
  auto* cell = cell_of<HistogramCell>(series);
  if (cell == nullptr) [[unlikely]]
    return;
  const std::vector<double>& bounds = series.instrument.bounds;
  const std::size_t bucket = bucket_of(bounds, value);
  cell->begin_write();
  cell->measure(value);
  add_own(cell->buckets()[bucket], std::uint64_t{1}, std::memory_order_release);
  cell->end_write();
  if (!origin.may_be_exemplar()) return;
  offer(series, cell->draw(bucket, bounds.size() + 1), 1, bucket, value, origin);
}

ExponentialCell::Side* side_of(ExponentialCell& cell, double value) noexcept {
  if (value > 0) return &cell.positive;
  auto* negative = cell.negative.load(std::memory_order_relaxed);
  if (negative == nullptr) {
    negative = static_cast<ExponentialCell::Side*>(make_own_memory(sizeof(ExponentialCell::Side)));
    cell.negative.store(negative, std::memory_order_release);
  }
  return negative;
}

template <class Origin>
void record_exponential(Series& series, double value, const Origin& origin) noexcept {
  auto* cell = cell_of<ExponentialCell>(series);
  if (cell == nullptr) [[unlikely]]
    return;
  ExponentialCell::Side* side = value != 0 ? side_of(*cell, value) : &cell->positive;
  if (side == nullptr) [[unlikely]]
    return count_one(metric_counters().no_memory);
  const Instrument& instrument = series.instrument;
  cell->begin_write();
  cell->measure(value);
  if (value == 0) {
    add_own(cell->zeros, std::uint64_t{1}, std::memory_order_release);
  } else {
    ExponentialCell::count(*cell, *side, std::abs(value), instrument.max_scale,
                           instrument.max_buckets);
  }
  cell->end_write();
  if (!origin.may_be_exemplar()) return;
  offer(series, cell->draw, instrument.exemplar_places(), 0, value, origin);
}

template <class Origin>
void record(Series& series, double value, const Origin& origin) noexcept {
  if (!(std::abs(value) <= std::numeric_limits<double>::max())) [[unlikely]]
    return count_one(metric_counters().refused_values);
  if (series.instrument.kind == MetricKind::kHistogram) [[likely]] {
    record_in_bounds(series, value, origin);
  } else {
    record_exponential(series, value, origin);
  }
}

}  // namespace

void set_exemplar_filter(ExemplarFilter filter) noexcept {
  exemplar_filter.store(filter, std::memory_order_relaxed);
}

void add_to(Series& series, std::int64_t number, const MeasuredIn* trace) noexcept {
  add(series, number, InGivenTrace(trace));
}
void record_in(Series& series, double value, const MeasuredIn* trace) noexcept {
  record(series, value, InGivenTrace(trace));
}

}  // namespace waybill::internal

namespace waybill::detail {

[[gnu::noinline]] Series& find_series(Instrument& instrument, Fields attributes) noexcept {
  return instrument.series.find(attributes);
}

void bind_series(Series& series) noexcept {
  series.bound.store(true, std::memory_order_relaxed);
}

[[gnu::noinline]] void add_to(Series& series, std::int64_t number) noexcept {
  internal::add(series, number, internal::InCurrentTrace());
}
[[gnu::noinline]] void add_to(Series& series, double number) noexcept {
  internal::add(series, number, internal::InCurrentTrace());
}
[[gnu::noinline]] void set_to(Series& series, std::int64_t value) noexcept {
  internal::set(series, value);
}
[[gnu::noinline]] void set_to(Series& series, double value) noexcept {
  internal::set(series, value);
}
[[gnu::noinline]] void record_in(Series& series, double value) noexcept {
  internal::record(series, value, internal::InCurrentTrace());
}

}  // namespace waybill::detail
