#include <algorithm>
#include <atomic>
#include <cmath>
#include <string_view>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/metrics/internal/default_histogram.h>
#include <waybill/metrics/internal/exponential.h>
#include <waybill/metrics/internal/instrument_registry.h>
#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/meter.h>

namespace waybill {
namespace internal {
namespace {

constinit std::atomic<bool> exponential_by_default = false;

}  // namespace

void set_exponential_by_default(bool exponential) noexcept {
  exponential_by_default.store(exponential, std::memory_order_relaxed);
}

bool is_exponential_by_default() noexcept {
  return exponential_by_default.load(std::memory_order_relaxed);
}

}  // namespace internal

namespace {

using detail::InstrumentShape;

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestUnit = 63;
constexpr std::size_t kMostBounds = 200;

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > kLongestName || !is_letter(name[0])) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') ||
           std::string_view("_.-/").find(c) != std::string_view::npos;
  });
}

bool is_unit(std::string_view unit) noexcept {
  return unit.size() <= kLongestUnit &&
         std::all_of(unit.begin(), unit.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

detail::Instrument& make(InstrumentationScope scope, const std::string& name, std::string unit,
                         std::string description, std::size_t limit, InstrumentShape shape) {
  if (!is_name(name)) {
    throw Error::bad_option("name of an instrument", name,
                            "a letter, then up to 254 letters, digits and _ . - /");
  }
  if (!is_unit(unit)) {
    throw Error::bad_option("unit of instrument " + name, unit, "up to 63 characters of ASCII");
  }
  if (limit < 2 || limit > 1'000'000) {
    throw Error::bad_option("cardinality_limit of instrument " + name, std::to_string(limit),
                            "2 to 1000000");
  }
  shape.name = name;
  shape.unit = std::move(unit);
  shape.description = std::move(description);
  shape.cardinality_limit = limit;
  shape.scope = std::move(scope);
  return internal::InstrumentRegistry::get().instrument(std::move(shape));
}

detail::Instrument& make(InstrumentationScope scope, const std::string& name,
                         InstrumentOptions& options, InstrumentShape shape) {
  return make(std::move(scope), name, std::move(options.unit), std::move(options.description),
              options.cardinality_limit, std::move(shape));
}

InstrumentShape shape_of(MetricKind kind, bool real, bool observable = false) {
  InstrumentShape shape;
  shape.kind = kind;
  shape.real = real;
  shape.observable = observable;
  return shape;
}

InstrumentShape bounded_shape(std::vector<double> bounds) {
  InstrumentShape shape = shape_of(MetricKind::kHistogram, true);
  shape.bounds = std::move(bounds);
  return shape;
}

InstrumentShape exponential_shape(std::uint32_t max_buckets, std::int32_t max_scale) {
  InstrumentShape shape = shape_of(MetricKind::kExponentialHistogram, true);
  shape.max_buckets = max_buckets;
  shape.max_scale = max_scale;
  return shape;
}

InstrumentShape open_histogram_shape() {
  const ExponentialHistogramOptions exponential;
  InstrumentShape shape = internal::is_exponential_by_default()
                              ? exponential_shape(exponential.max_buckets, exponential.max_scale)
                              : bounded_shape(default_bounds());
  shape.buckets_left_open = true;
  return shape;
}

void check_bounds(const std::string& name, const std::vector<double>& bounds) {
  const std::string option = "bounds of instrument " + name;
  if (bounds.size() > kMostBounds) {
    throw Error::bad_option(option, std::to_string(bounds.size()) + " of them", "at most 200");
  }
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (std::isfinite(bounds[i]) && (i == 0 || bounds[i - 1] < bounds[i])) continue;
    throw Error::bad_option(option, std::to_string(bounds[i]),
                            "finite numbers, each larger than the one before");
  }
}

ObservableHandle observe(detail::Instrument& instrument, ObservableCallback callback) {
  if (callback == nullptr) {
    throw Error::bad_option("callback of instrument " + instrument.name, "", "a function");
  }
  return ObservableHandle(
      internal::MetricCollector::get().add_callback(instrument, std::move(callback)));
}

}  // namespace

std::vector<double> default_bounds() {
  return {0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000};
}

Counter Meter::counter(const std::string& name, InstrumentOptions options) const {
  return Counter(make({name_, version_}, name, options, shape_of(MetricKind::kCounter, false)));
}

DoubleCounter Meter::double_counter(const std::string& name, InstrumentOptions options) const {
  return DoubleCounter(
      make({name_, version_}, name, options, shape_of(MetricKind::kCounter, true)));
}

UpDownCounter Meter::up_down_counter(const std::string& name, InstrumentOptions options) const {
  return UpDownCounter(
      make({name_, version_}, name, options, shape_of(MetricKind::kUpDownCounter, false)));
}

DoubleUpDownCounter Meter::double_up_down_counter(const std::string& name,
                                                  InstrumentOptions options) const {
  return DoubleUpDownCounter(
      make({name_, version_}, name, options, shape_of(MetricKind::kUpDownCounter, true)));
}

Gauge Meter::gauge(const std::string& name, InstrumentOptions options) const {
  return Gauge(make({name_, version_}, name, options, shape_of(MetricKind::kGauge, true)));
}

IntGauge Meter::int_gauge(const std::string& name, InstrumentOptions options) const {
  return IntGauge(make({name_, version_}, name, options, shape_of(MetricKind::kGauge, false)));
}

ObservableHandle Meter::observable_counter(const std::string& name, InstrumentOptions options,
                                           ObservableCallback callback) const {
  return observe(
      make({name_, version_}, name, options, shape_of(MetricKind::kCounter, false, true)),
      std::move(callback));
}

ObservableHandle Meter::observable_up_down_counter(const std::string& name,
                                                   InstrumentOptions options,
                                                   ObservableCallback callback) const {
  return observe(
      make({name_, version_}, name, options, shape_of(MetricKind::kUpDownCounter, false, true)),
      std::move(callback));
}

ObservableHandle Meter::observable_gauge(const std::string& name, InstrumentOptions options,
                                         ObservableCallback callback) const {
  return observe(make({name_, version_}, name, options, shape_of(MetricKind::kGauge, false, true)),
                 std::move(callback));
}

Histogram Meter::histogram(const std::string& name, HistogramOptions options) const {
  InstrumentShape shape = options.bounds.are_left_open() ? open_histogram_shape()
                                                         : bounded_shape(options.bounds.values());
  check_bounds(name, shape.bounds);
  return Histogram(make({name_, version_}, name, std::move(options.unit),
                        std::move(options.description), options.cardinality_limit,
                        std::move(shape)));
}

Histogram Meter::exponential_histogram(const std::string& name,
                                       ExponentialHistogramOptions options) const {
  if (options.max_buckets < 2 || options.max_buckets > internal::kMostExponentialBuckets) {
    throw Error::bad_option("max_buckets of instrument " + name,
                            std::to_string(options.max_buckets), "2 to 160");
  }
  if (options.max_scale < internal::kLeastScale || options.max_scale > internal::kMostScale) {
    throw Error::bad_option("max_scale of instrument " + name, std::to_string(options.max_scale),
                            "-10 to 20");
  }
  return Histogram(make({name_, version_}, name, std::move(options.unit),
                        std::move(options.description), options.cardinality_limit,
                        exponential_shape(options.max_buckets, options.max_scale)));
}

}  // namespace waybill
