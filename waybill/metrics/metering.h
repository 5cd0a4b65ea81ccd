// Set-up of metrics for the whole process: who the service is, where metrics go, how often.
//
//   waybill::configure_metrics({.service = "checkout",
//                               .exporters = {waybill::otlp_metric_exporter()}});
//
// Instruments measure without any set-up: collect(), and a scrape (prometheus.h), tell what they
// stand at. With exporters, a thread collects and exports once each interval, when something
// flushes (waybill::flush()), and once more at the orderly end of the process.
//
// Histograms whose makers have left the choice of buckets are exponential if one of the exporters
// prefers that, those that are made from then on: an instrument that is there already stays what it
// is, for all exporters.
//
// A child made by fork() counts from zero, and exports from its first new point on: what was
// counted before is the parent's to tell. Gauges keep their values.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/metrics/metric_data.h>

namespace waybill {

// Which measurements may become exemplars.
enum class ExemplarFilter : std::uint8_t {
  kTraceBased,  // those made while the current context is sampled: their traces can be looked up
  kAlwaysOn,
  kAlwaysOff,
};

// "trace_based", "always_on", "always_off", as OTEL_METRICS_EXEMPLAR_FILTER has it.
std::optional<ExemplarFilter> exemplar_filter_from_name(std::string_view name) noexcept;

struct MetricsOptions {
  // Who measures; empty leaves it out. See Resource.
  std::string service = {};
  std::vector<std::pair<std::string, std::string>> resource_attributes = {};
  // None: nothing is exported.
  std::vector<std::shared_ptr<MetricExporter>> exporters = {};
  std::chrono::milliseconds interval{60'000};  // 10 ms to a day
  // How long an export that does not come to its end is waited for, where a new set-up takes the
  // place of this one. 0 to an hour.
  std::chrono::milliseconds timeout{30'000};
  // Left out: what the environment's OTEL_METRICS_EXEMPLAR_FILTER says, else trace_based.
  std::optional<ExemplarFilter> exemplar_filter = std::nullopt;
  // Whether what the pipeline counts of itself (self_metrics.h) is among the metrics, under the
  // names waybill.pipeline.records, waybill.pipeline.dropped, ...; see pipeline_metrics.h.
  bool pipeline_metrics = false;
};

// Replaces the set-up; the exporters before get, for the last time, what there is. Thread-safe.
// Throws Error for values out of range, and when called from a callback, an exporter or a sink.
void configure_metrics(MetricsOptions options);

// What all instruments stand at, cumulative. Thread-safe. Throws std::bad_alloc, and Error when
// called from a callback.
MetricSnapshot collect();

// What became of measurements that did not find their place. Since the start of the process.
struct MetricCounts {
  std::uint64_t overflowed = 0;          // measurements beyond an instrument's cardinality limit
  std::uint64_t refused_attributes = 0;  // names of traces, empty keys, more than 64
  std::uint64_t refused_values = 0;    // negative, to a counter; not finite, to a sum or histogram
  std::uint64_t no_memory = 0;         // measurements lost
  std::uint64_t failed_callbacks = 0;  // exceptions of observables' callbacks
  std::uint64_t collections = 0;
  std::uint64_t exports = 0;
  std::uint64_t failed_exports = 0;
};

// Thread-safe.
MetricCounts metric_counts() noexcept;

}  // namespace waybill
