#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <new>
#include <string>
#include <utility>

#include <pthread.h>

#include <waybill/core/error.h>
#include <waybill/metrics/internal/default_histogram.h>
#include <waybill/metrics/internal/exemplar_filter.h>
#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/internal/metric_counters.h>
#include <waybill/metrics/internal/metric_resource.h>
#include <waybill/metrics/internal/periodic_reader.h>
#include <waybill/metrics/metering.h>
#include <waybill/metrics/pipeline_metrics.h>
#include <waybill/pipeline/consumer.h>

namespace waybill {
namespace internal {
namespace {

// The set-up of the process.
struct Metering {
  std::mutex setting_up;
  std::mutex mutex;  // for what follows
  Resource resource;
  std::shared_ptr<PeriodicReader> reader;
  std::chrono::milliseconds timeout{0};  // the reader's
  ObservableHandles pipeline_metrics;
  std::atomic<bool> resuming = false;  // in the child of a fork, until its thread runs

  static Metering& get() {
    static Metering& forever = *new Metering;
    return forever;
  }

  Metering() {
    pthread_atfork(nullptr, nullptr, [] {
      Metering& it = get();
      new (&it.setting_up) std::mutex;
      new (&it.mutex) std::mutex;
      it.resuming.store(true, std::memory_order_relaxed);
    });
  }
};

// Made when the library is loaded: see InstrumentRegistry.
[[maybe_unused]] const Metering& made_at_load = Metering::get();

ExemplarFilter filter_of(const MetricsOptions& options) {
  if (options.exemplar_filter) return *options.exemplar_filter;
  const char* variable = std::getenv("OTEL_METRICS_EXEMPLAR_FILTER");
  if (variable == nullptr || *variable == '\0') return ExemplarFilter::kTraceBased;
  if (const auto filter = exemplar_filter_from_name(variable)) return *filter;
  throw Error::bad_option("OTEL_METRICS_EXEMPLAR_FILTER", variable,
                          "trace_based, always_on or always_off");
}

void check(const MetricsOptions& options) {
  using namespace std::chrono_literals;
  const auto check_time = [](const char* option, std::chrono::milliseconds value,
                             std::chrono::milliseconds least, std::chrono::milliseconds most,
                             const char* expected) {
    if (value >= least && value <= most) return;
    throw Error::bad_option(option, std::to_string(value.count()) + "ms", expected);
  };
  check_time("interval", options.interval, 10ms, 24h, "10 ms to a day");
  check_time("timeout", options.timeout, 0ms, 1h, "0 to an hour");
  for (const auto& exporter : options.exporters) {
    if (exporter == nullptr) throw Error::bad_option("exporters", "null", "exporters");
  }
}

}  // namespace

Resource metric_resource() {
  Metering& metering = Metering::get();
  const std::lock_guard lock(metering.mutex);
  return metering.resource;
}

void resume_periodic_reader() noexcept {
  Metering& metering = Metering::get();
  if (!metering.resuming.load(std::memory_order_relaxed) || !metering.resuming.exchange(false)) {
    return;
  }
  std::shared_ptr<PeriodicReader> reader;
  {
    const std::lock_guard lock(metering.mutex);
    reader = metering.reader;
  }
  if (reader != nullptr && !reader->resume()) {
    metering.resuming.store(true, std::memory_order_relaxed);  // the next one tries again
  }
}

}  // namespace internal

std::optional<ExemplarFilter> exemplar_filter_from_name(std::string_view name) noexcept {
  if (name == "trace_based") return ExemplarFilter::kTraceBased;
  if (name == "always_on") return ExemplarFilter::kAlwaysOn;
  if (name == "always_off") return ExemplarFilter::kAlwaysOff;
  return std::nullopt;
}

void configure_metrics(MetricsOptions options) {
  internal::check(options);
  const ExemplarFilter filter = internal::filter_of(options);
  if (internal::PeriodicReader::on_its_thread() || internal::MetricCollector::is_collecting() ||
      detail::is_consuming()) {
    throw Error("configure_metrics() was called from a callback, an exporter or a sink");
  }
  internal::Metering& metering = internal::Metering::get();
  const std::lock_guard one_at_a_time(metering.setting_up);
  std::shared_ptr<internal::PeriodicReader> before;
  std::chrono::milliseconds timeout_before{0};
  {
    const std::lock_guard lock(metering.mutex);
    before = std::exchange(metering.reader, nullptr);
    timeout_before = std::exchange(metering.timeout, options.timeout);
  }
  if (before != nullptr) {
    detail::remove_delivery(*before);
    before->request_delivery();
    before->end(std::chrono::steady_clock::now() + timeout_before);
  }
  internal::set_exemplar_filter(filter);
  internal::set_exponential_by_default(
      std::any_of(options.exporters.begin(), options.exporters.end(),
                  [](const auto& exporter) { return exporter->prefers_exponential_histograms(); }));
  metering.pipeline_metrics =
      options.pipeline_metrics ? observe_pipeline() : internal::ObservableHandles{};
  const std::lock_guard lock(metering.mutex);
  metering.resource = {std::move(options.service), std::move(options.resource_attributes)};
  if (options.exporters.empty()) return;
  metering.reader = std::make_shared<internal::PeriodicReader>(
      internal::ReaderOptions{std::move(options.exporters), options.interval});
  detail::add_delivery(*metering.reader);
}

MetricSnapshot collect() {
  internal::Collection collection = internal::MetricCollector::get().collect(false);
  return {internal::metric_resource(), std::move(collection.cumulative)};
}

MetricCounts metric_counts() noexcept {
  const internal::MetricCounters& all = internal::metric_counters();
  const auto value = [](const std::atomic<std::uint64_t>& counter) {
    return counter.load(std::memory_order_relaxed);
  };
  return {.overflowed = value(all.overflowed),
          .refused_attributes = value(all.refused_attributes),
          .refused_values = value(all.refused_values),
          .no_memory = value(all.no_memory),
          .failed_callbacks = value(all.failed_callbacks),
          .collections = value(all.collections),
          .exports = value(all.exports),
          .failed_exports = value(all.failed_exports)};
}

}  // namespace waybill
