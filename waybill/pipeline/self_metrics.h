// How the pipeline itself is doing. Telemetry fails silently but for these counters.
#pragma once

#include <chrono>
#include <cstdint>

namespace waybill {

// Since the start of the process; of all threads.
struct SelfMetrics {
  std::uint64_t records = 0;  // taken out of the rings and given to outputs and exporters

  // Lost before they reached a sink or exporter, by reason.
  struct Dropped {
    std::uint64_t ring_full = 0;  // the background thread was too slow; see PipelineOptions
    std::uint64_t too_large = 0;  // a record of more than half of the largest ring
    std::uint64_t no_memory = 0;
    std::uint64_t sink = 0;  // sinks could not write them
    std::uint64_t all() const noexcept { return ring_full + too_large + no_memory + sink; }
  } dropped;

  std::uint64_t bytes_written = 0;  // by sinks
  std::uint64_t sink_failures = 0;  // calls of a sink that did not take all they were given

  std::uint64_t passes = 0;  // of the background thread over the rings, that found records
  std::uint64_t flushes = 0;
  std::chrono::nanoseconds flush_time_total{0};
  std::chrono::nanoseconds flush_time_longest{0};

  std::uint64_t rings = 0;  // now: of threads that have written records and still run, or whose
                            // records are pending
  std::uint64_t ring_bytes = 0;
};

// Thread-safe. The counters are read one after the other, while others count on.
SelfMetrics self_metrics() noexcept;

}  // namespace waybill
