// Meter: makes the instruments of one part of a program.
//
//   const waybill::Meter meter("checkout", "1.0");
//   const auto requests = meter.counter("http.requests", {.unit = "{request}"});
//
// Instruments live as long as the process. The same name and kind from the same meter, or another
// one of the same name and version, is the same instrument. Names are compared regardless of case.
//
// All of it is set-up: it throws Error for a name or unit that is not valid (OpenTelemetry metrics
// API, "Instrument name syntax": a letter, then up to 254 letters, digits and _ . - /), and where
// an instrument of that name is there already with another kind, unit or shape; but histograms of
// which neither maker has chosen the buckets are the same. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <waybill/metrics/instrument.h>
#include <waybill/metrics/observable.h>

namespace waybill {

// OpenTelemetry's default for points of an instrument, the one for the overflow included.
inline constexpr std::size_t kCardinalityLimit = 2000;

struct InstrumentOptions {
  std::string unit = {};  // of UCUM: "s", "By", "{request}"
  std::string description = {};
  std::size_t cardinality_limit = kCardinalityLimit;  // 2 to 1,000,000
};

// The default bounds of OpenTelemetry's SDK, made for milliseconds.
std::vector<double> default_bounds();

// Of a histogram's buckets: upper, inclusive; finite and ascending, at most 200. None ({}): a
// single bucket.
class HistogramBounds {
 public:
  HistogramBounds(std::vector<double> bounds) : bounds_(std::move(bounds)) {}
  HistogramBounds(std::initializer_list<double> bounds) : bounds_(bounds) {}

  // default_bounds(), or exponential buckets where an exporter prefers them (metering.h).
  static HistogramBounds left_open() { return HistogramBounds(std::nullopt); }

  bool are_left_open() const noexcept { return !bounds_; }
  std::vector<double> values() const { return bounds_ ? *bounds_ : default_bounds(); }

 private:
  explicit HistogramBounds(std::nullopt_t) {}

  std::optional<std::vector<double>> bounds_;
};

struct HistogramOptions {
  std::string unit = {};
  std::string description = {};
  HistogramBounds bounds = HistogramBounds::left_open();
  std::size_t cardinality_limit = kCardinalityLimit;
};

// Buckets that follow the values: base 2^(2^-scale), with as large a scale as the range of what has
// been measured allows. Needs no bounds that one would have to know beforehand.
struct ExponentialHistogramOptions {
  std::string unit = {};
  std::string description = {};
  std::uint32_t max_buckets = 160;  // of each side, positive and negative; 2 to 160
  std::int32_t max_scale = 20;      // -10 to 20
  std::size_t cardinality_limit = kCardinalityLimit;
};

class Meter {
 public:
  // OpenTelemetry's instrumentation scope: the library or part of the program that measures.
  explicit Meter(std::string name, std::string version = {})
      : name_(std::move(name)), version_(std::move(version)) {}

  Counter counter(const std::string& name, InstrumentOptions options = {}) const;
  DoubleCounter double_counter(const std::string& name, InstrumentOptions options = {}) const;
  UpDownCounter up_down_counter(const std::string& name, InstrumentOptions options = {}) const;
  DoubleUpDownCounter double_up_down_counter(const std::string& name,
                                             InstrumentOptions options = {}) const;
  Gauge gauge(const std::string& name, InstrumentOptions options = {}) const;
  IntGauge int_gauge(const std::string& name, InstrumentOptions options = {}) const;
  Histogram histogram(const std::string& name, HistogramOptions options = {}) const;
  Histogram exponential_histogram(const std::string& name,
                                  ExponentialHistogramOptions options = {}) const;

  // Values that are asked for each time metrics are collected; see observable.h. Several callbacks
  // may observe for one instrument.
  ObservableHandle observable_counter(const std::string& name, InstrumentOptions options,
                                      ObservableCallback callback) const;
  ObservableHandle observable_up_down_counter(const std::string& name, InstrumentOptions options,
                                              ObservableCallback callback) const;
  ObservableHandle observable_gauge(const std::string& name, InstrumentOptions options,
                                    ObservableCallback callback) const;

 private:
  std::string name_;
  std::string version_;
};

}  // namespace waybill
