#include <waybill/otlp/internal/signal_counters.h>
#include <waybill/otlp/otlp_metrics.h>
#include <waybill/pipeline/consumer.h>

namespace waybill {
namespace internal {
namespace {

constinit SignalCounters all_counters[3];

OtlpSignalMetrics read(OtlpSignal signal) noexcept {
  const SignalCounters& counters = counters_of(signal);
  const auto value = [](const SignalCounters::Count& count) {
    return count.load(std::memory_order_relaxed);
  };
  OtlpSignalMetrics metrics;
  metrics.exported = value(counters.exported);
  metrics.requests = value(counters.requests);
  metrics.bytes = value(counters.bytes);
  metrics.rejected = value(counters.rejected);
  metrics.failures = value(counters.failures);
  metrics.retries = value(counters.retries);
  metrics.dropped = {.queue_full = value(counters.queue_full),
                     .spool_full = value(counters.spool_full),
                     .refused = value(counters.refused),
                     .gave_up = value(counters.gave_up),
                     .ended = value(counters.ended),
                     .not_encoded = value(counters.not_encoded)};
  metrics.spooled = value(counters.spooled);
  metrics.spool_failures = value(counters.spool_failures);
  metrics.spool_unreadable = value(counters.spool_unreadable);
  metrics.queue_bytes = value(counters.queue_bytes);
  return metrics;
}

}  // namespace

SignalCounters& counters_of(OtlpSignal signal) noexcept {
  return all_counters[static_cast<std::size_t>(signal)];
}

void count_lost(SignalCounters::Count& reason, std::uint64_t records) noexcept {
  add_to(reason, records);
  detail::count_sink({.lost = records});
}

}  // namespace internal

OtlpMetrics otlp_metrics() noexcept {
  return {.traces = internal::read(OtlpSignal::kTraces),
          .metrics = internal::read(OtlpSignal::kMetrics),
          .logs = internal::read(OtlpSignal::kLogs)};
}

}  // namespace waybill
