#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include <pthread.h>

#include <waybill/core/ascii.h>
#include <waybill/core/error.h>
#include <waybill/metrics/internal/attribute_set.h>
#include <waybill/metrics/internal/instrument_registry.h>
#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/internal/thread_cells.h>

namespace waybill::internal {
namespace {

constinit std::atomic<std::uint32_t> series_made = 0;

std::string_view kind_name(const detail::InstrumentShape& shape) noexcept {
  switch (shape.kind) {
    case MetricKind::kCounter:
      return shape.observable ? "an observable counter" : "a counter";
    case MetricKind::kUpDownCounter:
      return shape.observable ? "an observable up-down counter" : "an up-down counter";
    case MetricKind::kGauge:
      return shape.observable ? "an observable gauge" : "a gauge";
    case MetricKind::kHistogram:
      return "a histogram";
    case MetricKind::kExponentialHistogram:
      return "an exponential histogram";
  }
  return "an instrument";
}

std::string description_of(const detail::InstrumentShape& shape) {
  std::string text(kind_name(shape));
  if (!shape.observable && shape.kind <= MetricKind::kGauge) {
    text += shape.real ? " of floating point numbers" : " of integers";
  }
  return text;
}

// Descriptions may differ, and limits: those of whoever comes first count.
void check_same(const detail::InstrumentShape& there, const detail::InstrumentShape& asked) {
  const std::string name = "instrument " + there.name;
  // Made before and after the set-up, two of them may have come out differently.
  const bool is_open = there.buckets_left_open && asked.buckets_left_open;
  if ((there.kind != asked.kind && !is_open) || there.real != asked.real ||
      there.observable != asked.observable) {
    throw Error::bad_option(name, description_of(asked),
                            "what it is already, " + description_of(there));
  }
  if (there.unit != asked.unit) {
    throw Error::bad_option("unit of " + name, asked.unit,
                            "the unit that it has already, '" + there.unit + "'");
  }
  if (is_open) return;
  if (there.bounds != asked.bounds || there.max_buckets != asked.max_buckets ||
      there.max_scale != asked.max_scale) {
    throw Error::bad_option("buckets of " + name, "others", "those that it has already");
  }
}

}  // namespace

std::uint32_t next_series_index() noexcept {
  return series_made.fetch_add(1, std::memory_order_relaxed);
}

InstrumentRegistry& InstrumentRegistry::get() {
  static InstrumentRegistry& forever = *new InstrumentRegistry;
  return forever;
}

namespace {

// Made when the library is loaded, before there is a second thread: where a thread made it on first
// use, the child of a fork in that moment would wait for it for ever.
[[maybe_unused]] const InstrumentRegistry& made_at_load = InstrumentRegistry::get();

}  // namespace

InstrumentRegistry::InstrumentRegistry() {
  seed_hashes();
  ThreadCells::get();
  MetricCollector::get();
  pthread_atfork(nullptr, nullptr, [] { get().after_fork_in_child(); });
}

detail::Instrument& InstrumentRegistry::instrument(detail::InstrumentShape shape) {
  const std::lock_guard lock(mutex_);
  detail::Instrument* found = nullptr;
  for_each([&](detail::Instrument& it) {
    if (it.scope.name == shape.scope.name && it.scope.version == shape.scope.version &&
        ascii::same_ignoring_case(it.name, shape.name)) {
      found = &it;
    }
  });
  if (found != nullptr) {
    check_same(*found, shape);
    return *found;
  }
  auto* made = new detail::Instrument(std::move(shape));
  (last_ == nullptr ? first_ : last_->next).store(made, std::memory_order_release);
  last_ = made;
  return *made;
}

// The child counts from zero: what was counted before is the parent's. Gauges keep their values,
// as the child has what they tell of, too. Locks are made new: whoever held them is not here.
void InstrumentRegistry::after_fork_in_child() noexcept {
  new (&mutex_) std::mutex;
  ThreadCells::get().after_fork_in_child();
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto start = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  last_ = nullptr;
  for_each([&](detail::Instrument& instrument) {
    last_ = &instrument;
    instrument.series.after_fork_in_child();
    instrument.series.for_each([start](detail::Series& series) {
      series.start.store(start, std::memory_order_relaxed);
      if (auto* reservoir = series.exemplars.load(std::memory_order_relaxed)) {
        reservoir->make_new();
      }
    });
  });
  MetricCollector::get().after_fork_in_child();
}

}  // namespace waybill::internal

namespace waybill::detail {

namespace {

std::int64_t nanoseconds_now() noexcept {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace

Series::Series(Instrument& its_instrument, std::uint32_t its_index,
               std::vector<OwnedAttribute> its_attributes)
    : instrument(its_instrument),
      index(its_index),
      monotonic(its_instrument.kind == MetricKind::kCounter),
      attributes(std::move(its_attributes)),
      start(nanoseconds_now()) {}

internal::ExemplarReservoir* Series::reservoir() noexcept {
  internal::ExemplarReservoir* there = exemplars.load(std::memory_order_acquire);
  if (there != nullptr) return there;
  std::unique_ptr<internal::ExemplarReservoir> made;
  try {
    made = std::make_unique<internal::ExemplarReservoir>(instrument.exemplar_places());
  } catch (...) {
    return nullptr;
  }
  if (exemplars.compare_exchange_strong(there, made.get(), std::memory_order_acq_rel)) {
    return made.release();
  }
  return there;
}

Instrument::Instrument(InstrumentShape shape)
    : InstrumentShape(std::move(shape)), series(*this, cardinality_limit) {}

// OpenTelemetry's SDK, "Exemplar defaults".
std::size_t Instrument::exemplar_places() const noexcept {
  if (kind == MetricKind::kHistogram) return bounds.size() + 1;
  if (kind == MetricKind::kExponentialHistogram) {
    return std::min<std::size_t>(20, max_buckets);
  }
  return 1;
}

}  // namespace waybill::detail
