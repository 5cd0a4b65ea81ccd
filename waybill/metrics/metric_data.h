// MetricSnapshot: what all instruments stood at, at one time, as exporters see it. Values with
// memory of their own. The model is OpenTelemetry's ("Metrics Data Model").
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <waybill/core/ids.h>
#include <waybill/pipeline/resource.h>
#include <waybill/trace/attribute.h>
#include <waybill/trace/ended_span.h>

namespace waybill {

using MetricNumber = std::variant<std::int64_t, double>;

// One measurement of those that a point sums up, with the trace that it was made in.
struct Exemplar {
  std::chrono::system_clock::time_point time;
  MetricNumber value;
  TraceId trace_id;  // invalid: there was no trace
  SpanId span_id;
  // Those of the measurement that are not the point's.
  std::vector<OwnedAttribute> attributes;
};

// One combination of attributes.
struct MetricPoint {
  std::vector<OwnedAttribute> attributes;
  std::chrono::system_clock::time_point start;  // of what is counted; a gauge has none
  std::chrono::system_clock::time_point time;
  std::vector<Exemplar> exemplars;
};

struct NumberPoint : MetricPoint {
  MetricNumber value;
};

struct HistogramPoint : MetricPoint {
  std::uint64_t count = 0;
  double sum = 0;
  double min = 0;  // of count > 0
  double max = 0;
  std::vector<double> bounds;          // upper, inclusive, ascending
  std::vector<std::uint64_t> buckets;  // one more than bounds
};

// Base 2: bucket i of a side counts values in (base^(offset+i), base^(offset+i+1)], with base =
// 2^(2^-scale).
struct ExponentialHistogramPoint : MetricPoint {
  struct Side {
    std::int32_t offset = 0;
    std::vector<std::uint64_t> buckets;
  };
  std::uint64_t count = 0;
  double sum = 0;
  double min = 0;
  double max = 0;
  std::int32_t scale = 0;
  std::uint64_t zero_count = 0;
  double zero_threshold = 0;
  Side positive;
  Side negative;
};

enum class MetricKind : std::uint8_t {
  kCounter,        // a sum that only grows
  kUpDownCounter,  // a sum
  kGauge,
  kHistogram,
  kExponentialHistogram,
};

enum class Temporality : std::uint8_t { kDelta = 1, kCumulative = 2 };  // the numbers of OTLP

struct MetricData {
  std::string name;
  std::string unit;  // of UCUM: "ms", "By", "{request}"
  std::string description;
  MetricKind kind = MetricKind::kGauge;
  // Whether callbacks tell it when they are asked.
  bool observable = false;
  Temporality temporality = Temporality::kCumulative;  // of sums and histograms
  InstrumentationScope scope;
  std::variant<std::vector<NumberPoint>, std::vector<HistogramPoint>,
               std::vector<ExponentialHistogramPoint>>
      points;
};

struct MetricSnapshot {
  Resource resource;
  std::vector<MetricData> metrics;
};

// MetricExporter: where snapshots go, each interval. Called by one thread at a time, one that may
// wait.
class MetricExporter {
 public:
  virtual ~MetricExporter() = default;
  // False: it could not be handed over, and is lost or, where the exporter says so, kept.
  virtual bool export_metrics(const MetricSnapshot& snapshot) noexcept = 0;
  // Of an instrument of this kind. `observable`: as in MetricData.
  virtual Temporality preferred(MetricKind kind, bool observable) const noexcept {
    (void)kind;
    (void)observable;
    return Temporality::kCumulative;
  }
  // What a histogram is to be whose maker has left the choice (HistogramOptions::bounds). Asked
  // once, by configure_metrics(); where one exporter prefers it, it holds for all.
  virtual bool prefers_exponential_histograms() const noexcept { return false; }
  // In the child of a fork: what was exported is the parent's to deliver, and may be in any state,
  // as the thread may have been at it. That thread is gone.
  virtual void after_fork_in_child() noexcept {}
  virtual std::string name() const { return "a metric exporter"; }
};

}  // namespace waybill
