// What otlp_metrics() reads.
#pragma once

#include <atomic>
#include <cstdint>

#include <waybill/otlp/otlp_options.h>

namespace waybill::internal {

struct SignalCounters {
  using Count = std::atomic<std::uint64_t>;
  Count exported = 0;
  Count requests = 0;
  Count bytes = 0;
  Count rejected = 0;
  Count failures = 0;
  Count retries = 0;
  Count queue_full = 0;
  Count spool_full = 0;
  Count refused = 0;
  Count gave_up = 0;
  Count ended = 0;
  Count not_encoded = 0;
  Count spooled = 0;
  Count spool_failures = 0;
  Count spool_unreadable = 0;
  Count queue_bytes = 0;
};

SignalCounters& counters_of(OtlpSignal signal) noexcept;

inline void add_to(SignalCounters::Count& counter, std::uint64_t count) noexcept {
  counter.fetch_add(count, std::memory_order_relaxed);
}

// Counts lost records, with the reason, and for self_metrics().
void count_lost(SignalCounters::Count& reason, std::uint64_t records) noexcept;

}  // namespace waybill::internal
