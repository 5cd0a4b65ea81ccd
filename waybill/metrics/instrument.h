// Instruments: what a program measures with. A Meter makes them (meter.h).
//
//   requests.add(1, {{"http.route", route}, {"http.response.status_code", status}});
//   latency.record(seconds, {{"http.route", route}});
//
//   const auto ok = requests.bind({{"http.route", "/jobs/{id}"}});   // once
//   ok.add(1);                                                       // some nanoseconds
//
// Each combination of attributes is a point of its own: few values per attribute, and few
// attributes. What is without bounds (a user, a job, a URL) belongs into spans and logs. An
// instrument keeps as many points as its cardinality_limit says; what is beyond is summed up in one
// with the attribute otel.metric.overflow, and counted in metric_counts().
//
// Never make a trace id an attribute: each would be a point that stays for ever. Attributes by the
// name of trace_id, span_id, parent_span_id or traceparent, in whatever spelling, are left out and
// counted in metric_counts().refused_attributes. It is exemplars that lead from a point to traces:
// they carry the ids of single measurements by themselves.
//
// Attributes are a set: their order means nothing, of those with the same key the last one counts.
// At most 64 at a time, and 1,024 bytes of each text, are kept.
//
// Handles are pointers: copy them freely. Everything here may be called by any thread, waits for
// none, and cannot fail; the first measurement of a point, and the first one of a thread, allocate.
// Not for signal handlers.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <type_traits>
#include <utility>

#include <waybill/core/field.h>

namespace waybill {

namespace detail {

struct Instrument;
struct Series;  // the point of one combination of attributes

Series& find_series(Instrument& instrument, Fields attributes) noexcept;
void bind_series(Series& series) noexcept;

void add_to(Series& series, std::int64_t number) noexcept;
void add_to(Series& series, double number) noexcept;
void set_to(Series& series, std::int64_t value) noexcept;
void set_to(Series& series, double value) noexcept;
void record_in(Series& series, double value) noexcept;

// A floating point number is no argument for an instrument of integers: it would be cut.
template <class T, class Number>
concept MeasuredAs = std::is_arithmetic_v<T> && !std::is_same_v<T, bool> &&
                     (std::is_floating_point_v<Number> || std::is_integral_v<T>);

template <class Number, class T>
constexpr Number to_number(T value) noexcept {
  if constexpr (std::is_integral_v<Number> && std::is_unsigned_v<T>) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<Number>::max());
    return static_cast<std::uint64_t>(value) < kMost ? static_cast<Number>(value)
                                                     : std::numeric_limits<Number>::max();
  } else {
    return static_cast<Number>(value);
  }
}

template <class Number>
class BoundSum {
 public:
  explicit BoundSum(Series& series) noexcept : series_(&series) { bind_series(series); }
  template <MeasuredAs<Number> T>
  void add(T number) const noexcept {
    add_to(*series_, to_number<Number>(number));
  }

 private:
  Series* series_;
};

template <class Number>
class Sum {
 public:
  explicit Sum(Instrument& instrument) noexcept : instrument_(&instrument) {}

  template <MeasuredAs<Number> T>
  void add(T number, Fields attributes = {}) const noexcept {
    add_to(find_series(*instrument_, attributes), to_number<Number>(number));
  }
  template <MeasuredAs<Number> T>
  void add(T number, std::initializer_list<Field> attributes) const noexcept {
    add(number, Fields(attributes.begin(), attributes.size()));
  }

  // The point of these attributes, without looking for it each time. It is there from now on, with
  // zero until something is added.
  BoundSum<Number> bind(Fields attributes = {}) const noexcept {
    return BoundSum<Number>(find_series(*instrument_, attributes));
  }
  BoundSum<Number> bind(std::initializer_list<Field> attributes) const noexcept {
    return bind(Fields(attributes.begin(), attributes.size()));
  }

  // For rooms that measure on behalf of somebody else.
  Instrument& instrument() const noexcept { return *instrument_; }

 private:
  Instrument* instrument_;
};

template <class Number>
class BoundLastValue {
 public:
  explicit BoundLastValue(Series& series) noexcept : series_(&series) {}
  template <MeasuredAs<Number> T>
  void set(T value) const noexcept {
    set_to(*series_, to_number<Number>(value));
  }

 private:
  Series* series_;
};

template <class Number>
class LastValue {
 public:
  explicit LastValue(Instrument& instrument) noexcept : instrument_(&instrument) {}

  template <MeasuredAs<Number> T>
  void set(T value, Fields attributes = {}) const noexcept {
    set_to(find_series(*instrument_, attributes), to_number<Number>(value));
  }
  template <MeasuredAs<Number> T>
  void set(T value, std::initializer_list<Field> attributes) const noexcept {
    set(value, Fields(attributes.begin(), attributes.size()));
  }

  // There is no point before something is set.
  BoundLastValue<Number> bind(Fields attributes = {}) const noexcept {
    return BoundLastValue<Number>(find_series(*instrument_, attributes));
  }
  BoundLastValue<Number> bind(std::initializer_list<Field> attributes) const noexcept {
    return bind(Fields(attributes.begin(), attributes.size()));
  }

 private:
  Instrument* instrument_;
};

}  // namespace detail

// A sum that only grows: requests, bytes. What is negative, or no number, is refused and counted.
class Counter : public detail::Sum<std::int64_t> {
  using Sum::Sum;
};
class DoubleCounter : public detail::Sum<double> {
  using Sum::Sum;
};

// A sum that goes up and down: connections that are open, items in a queue.
class UpDownCounter : public detail::Sum<std::int64_t> {
  using Sum::Sum;
};
class DoubleUpDownCounter : public detail::Sum<double> {
  using Sum::Sum;
};

// A value of which the last one counts: a temperature, a version.
class Gauge : public detail::LastValue<double> {
  using LastValue::LastValue;
};
class IntGauge : public detail::LastValue<std::int64_t> {
  using LastValue::LastValue;
};

class BoundHistogram {
 public:
  explicit BoundHistogram(detail::Series& series) noexcept : series_(&series) {
    detail::bind_series(series);
  }
  template <detail::MeasuredAs<double> T>
  void record(T value) const noexcept {
    detail::record_in(*series_, static_cast<double>(value));
  }

 private:
  detail::Series* series_;
};

// How values are distributed: durations, sizes. Values that are not finite are refused and counted.
class Histogram {
 public:
  explicit Histogram(detail::Instrument& instrument) noexcept : instrument_(&instrument) {}

  template <detail::MeasuredAs<double> T>
  void record(T value, Fields attributes = {}) const noexcept {
    detail::record_in(detail::find_series(*instrument_, attributes), static_cast<double>(value));
  }
  template <detail::MeasuredAs<double> T>
  void record(T value, std::initializer_list<Field> attributes) const noexcept {
    record(value, Fields(attributes.begin(), attributes.size()));
  }

  // As Sum::bind().
  BoundHistogram bind(Fields attributes = {}) const noexcept {
    return BoundHistogram(detail::find_series(*instrument_, attributes));
  }
  BoundHistogram bind(std::initializer_list<Field> attributes) const noexcept {
    return bind(Fields(attributes.begin(), attributes.size()));
  }

  // As Sum::instrument().
  detail::Instrument& instrument() const noexcept { return *instrument_; }

 private:
  detail::Instrument* instrument_;
};

}  // namespace waybill
