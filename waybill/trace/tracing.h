// Set-up of tracing for the whole process: who the service is, what is sampled, where spans go.
//
//   waybill::configure_tracing({.service = "weather",
//                               .exporters = {waybill::otlp_span_exporter()}});
//
// Until then tracing is off, and a span costs a nanosecond.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <waybill/trace/sampler.h>
#include <waybill/trace/span_exporter.h>

namespace waybill {

// What one span may hold; what is beyond is left out and counted in it. The defaults are those of
// OpenTelemetry's SDK specification ("Span Limits"); the last is ours.
struct SpanLimits {
  std::uint32_t attributes = 128;
  std::uint32_t events = 128;
  std::uint32_t links = 128;
  std::uint32_t attributes_per_event = 128;
  std::uint32_t attributes_per_link = 128;
  // Longer texts are cut, to so many characters.
  std::size_t attribute_value_length = std::numeric_limits<std::size_t>::max();
  // Of everything that a span carries. At most 1 MiB.
  std::size_t bytes = 64 * 1024;
};

// The tail decision: every trace is recorded, and kept from the moment on at which there is reason
// to; what came before is held back until then, and dropped when its local root has ended (the span
// without a parent in this process) and there was none.
struct TailOptions {
  // A reason: a span's status is an error, ...
  bool keep_failed = true;
  // ... or a span took at least this long (zero: no such rule), ...
  std::chrono::nanoseconds keep_slower_than{0};
  // ... or the sampler samples the trace: probability_sampler(0.01) keeps one in a hundred besides.
  // Without a sampler, that are those that others have sampled.
  //
  // Bounds: of the memory of what is held back, in bytes, at least 64 KiB; and of the time. Beyond
  // them, the oldest traces are decided as they stand.
  std::size_t memory_limit = 64 * 1024 * 1024;
  std::chrono::nanoseconds longest_wait = std::chrono::minutes(5);
};

// Since the set-up.
struct TailCounts {
  std::uint64_t traces_kept = 0;
  std::uint64_t traces_dropped = 0;
  std::uint64_t decided_early = 0;  // of those dropped: before their local roots had ended
  std::uint64_t spans_kept = 0;
  std::uint64_t spans_dropped = 0;
  std::size_t bytes_held = 0;  // now
};

struct TracingOptions {
  // Who makes the spans; empty leaves it out. See Resource.
  std::string service = {};
  std::vector<std::pair<std::string, std::string>> resource_attributes = {};
  // Null: what began elsewhere is as the others decided, what begins here is sampled or, with a
  // tail decision, left to that.
  std::shared_ptr<Sampler> sampler = nullptr;
  std::optional<TailOptions> tail = std::nullopt;
  SpanLimits limits = {};
  // None: tracing is off.
  std::vector<std::shared_ptr<SpanExporter>> exporters = {};
};

// Replaces the set-up. Spans that are under way when it is called go to the new exporters.
// Thread-safe. Throws Error for values out of range, and when called from an exporter.
void configure_tracing(TracingOptions options);

// Whether spans are recorded at all.
bool is_tracing() noexcept;

// How the tail decision goes; zeros where there is none. Thread-safe; waits for the background
// thread for a moment.
TailCounts tail_counts() noexcept;

}  // namespace waybill
