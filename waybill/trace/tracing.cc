#include <mutex>
#include <utility>
#include <vector>

#include <waybill/core/error.h>
#include <waybill/pipeline/consumer.h>
#include <waybill/trace/internal/span_consumer.h>
#include <waybill/trace/internal/tracing_state.h>
#include <waybill/trace/span.h>
#include <waybill/trace/tracing.h>

namespace waybill {

namespace internal {

constinit std::atomic<const TracingState*> tracing_state = nullptr;

}  // namespace internal

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

void check(const TracingOptions& options) {
  for (const auto& exporter : options.exporters) {
    if (exporter == nullptr) throw Error::bad_option("exporters", "null", "exporters");
  }
  if (options.limits.bytes > kMostBytes) {
    throw Error::bad_option("limits.bytes", std::to_string(options.limits.bytes),
                            "at most 1048576");
  }
}

}  // namespace

void configure_tracing(TracingOptions options) {
  check(options);
  if (detail::is_consuming()) throw Error("configure_tracing() was called from an exporter");
  // Those before stay: a thread that is beginning a span may be reading one.
  static std::mutex& mutex = *new std::mutex;
  static auto& states = *new std::vector<std::unique_ptr<const internal::TracingState>>;
  const std::lock_guard lock(mutex);
  internal::SpanConsumer& consumer = internal::SpanConsumer::get();
  if (states.empty()) detail::register_consumer(detail::RecordKind::kSpan, consumer);

  auto state = std::make_unique<internal::TracingState>();
  state->limits = options.limits;
  state->sampler = options.sampler;
  state->records_all = options.tail.has_value();
  states.push_back(std::move(state));
  auto tail = options.tail ? std::make_unique<internal::TailDecision>(*options.tail) : nullptr;
  detail::between_passes([&] { consumer.set_up(options, std::move(tail)); });
  internal::tracing_state.store(states.back().get(), std::memory_order_release);
  detail::tracing_is_on.store(!options.exporters.empty(), std::memory_order_relaxed);
}

bool is_tracing() noexcept {
  return detail::is_tracing();
}

TailCounts tail_counts() noexcept {
  TailCounts counts;
  if (internal::tracing_state.load(std::memory_order_acquire) == nullptr) return counts;
  detail::between_passes([&] { counts = internal::SpanConsumer::get().tail_counts(); });
  return counts;
}

}  // namespace waybill
