#include <algorithm>
#include <bit>
#include <string>

#include <waybill/core/error.h>
#include <waybill/pipeline/consumer.h>
#include <waybill/pipeline/internal/counters.h>
#include <waybill/pipeline/internal/deliveries.h>
#include <waybill/pipeline/internal/engine.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/pipeline/self_metrics.h>

namespace waybill {
namespace {

constexpr std::size_t kLeastRing = 4096;
constexpr std::size_t kMostRing = std::size_t{1} << 30;

template <class Duration>
void check_duration(std::string_view option, Duration value, Duration least) {
  if (value >= least && value <= std::chrono::hours(1)) return;
  throw Error::bad_option(option, std::to_string(value.count()),
                          std::to_string(least.count()) + " up to an hour");
}

void check(const PipelineOptions& options) {
  if (options.ring_bytes < kLeastRing || options.ring_bytes > kMostRing) {
    throw Error::bad_option("ring_bytes", std::to_string(options.ring_bytes), "4096 to 1 GiB");
  }
  if (options.ring_bytes_limit < options.ring_bytes || options.ring_bytes_limit > kMostRing) {
    throw Error::bad_option("ring_bytes_limit", std::to_string(options.ring_bytes_limit),
                            "ring_bytes to 1 GiB");
  }
  using std::chrono::microseconds;
  using std::chrono::milliseconds;
  check_duration("longest_wait", options.longest_wait, milliseconds(0));
  check_duration("shortest_sleep", options.shortest_sleep, microseconds(1));
  check_duration("longest_sleep", options.longest_sleep, options.shortest_sleep);
  check_duration("exit_timeout", options.exit_timeout, milliseconds(0));
  if (options.clock == ClockSource::kTimeStampCounter && !time_stamp_counter_is_reliable()) {
    throw Error::bad_option("clock", "time stamp counter", "a clock that is reliable here");
  }
}

std::uint64_t value_of(const std::atomic<std::uint64_t>& counter) noexcept {
  return counter.load(std::memory_order_relaxed);
}

}  // namespace

void configure_pipeline(const PipelineOptions& options) {
  check(options);
  if (internal::Engine::consuming()) throw Error("configure_pipeline() was called from a sink");
  internal::Engine::get().configure(options);
}

bool flush(std::chrono::nanoseconds timeout) noexcept {
  constexpr std::chrono::nanoseconds kForEver = std::chrono::hours(24 * 365);
  timeout = std::min(timeout, kForEver);
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  return internal::Engine::get().flush(timeout) && internal::Deliveries::get().wait(deadline);
}

void detail::register_consumer(RecordKind kind, RecordConsumer& consumer) noexcept {
  internal::Engine::get().collector().set_consumer(kind, consumer);
}

void detail::run_between_passes(void (*change)(void* argument), void* argument) noexcept {
  internal::Engine::get().between_passes([&] { change(argument); });
}

bool detail::is_consuming() noexcept {
  return internal::Engine::consuming();
}

void detail::count_sink(const SinkCount& count) noexcept {
  internal::Counters& all = internal::counters();
  internal::add_to(all.sink_bytes, count.bytes);
  internal::add_to(all.sink_lost, count.lost);
  internal::add_to(all.sink_failures, count.failures);
}

SelfMetrics self_metrics() noexcept {
  const internal::Counters& all = internal::counters();
  const internal::Collector& collector = internal::Engine::get().collector();
  SelfMetrics metrics;
  metrics.records = value_of(all.consumed);
  metrics.dropped = {.ring_full = value_of(all.ring_full),
                     .too_large = value_of(all.too_large),
                     .no_memory = value_of(all.no_memory),
                     .sink = value_of(all.sink_lost)};
  metrics.bytes_written = value_of(all.sink_bytes);
  metrics.sink_failures = value_of(all.sink_failures);
  metrics.passes = value_of(all.passes);
  metrics.flushes = value_of(all.flushes);
  metrics.flush_time_total = std::chrono::nanoseconds(value_of(all.flush_nanoseconds));
  metrics.flush_time_longest = std::chrono::nanoseconds(value_of(all.longest_flush_nanoseconds));
  metrics.rings = collector.ring_count();
  metrics.ring_bytes = collector.ring_bytes();
  return metrics;
}

}  // namespace waybill
