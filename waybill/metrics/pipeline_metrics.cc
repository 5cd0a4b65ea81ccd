#include <chrono>
#include <string>
#include <utility>

#include <waybill/metrics/meter.h>
#include <waybill/metrics/metering.h>
#include <waybill/metrics/pipeline_metrics.h>
#include <waybill/pipeline/self_metrics.h>

namespace waybill {

std::vector<ObservableHandle> observe_pipeline() {
  const Meter meter("waybill");
  std::vector<ObservableHandle> handles;
  const auto counter = [&](const std::string& name, std::string unit, std::string description,
                           ObservableCallback callback) {
    handles.push_back(meter.observable_counter(
        name, {.unit = std::move(unit), .description = std::move(description)},
        std::move(callback)));
  };
  counter("waybill.pipeline.records", "{record}", "Records given to outputs and exporters.",
          [](Observer& observer) { observer.observe(self_metrics().records); });
  counter("waybill.pipeline.dropped", "{record}", "Records lost on their way.",
          [](Observer& observer) {
            const auto dropped = self_metrics().dropped;
            observer.observe(dropped.ring_full, {{"reason", "ring_full"}});
            observer.observe(dropped.too_large, {{"reason", "too_large"}});
            observer.observe(dropped.no_memory, {{"reason", "no_memory"}});
            observer.observe(dropped.sink, {{"reason", "sink"}});
          });
  counter("waybill.pipeline.bytes_written", "By", "Bytes written by sinks.",
          [](Observer& observer) { observer.observe(self_metrics().bytes_written); });
  counter("waybill.pipeline.sink_failures", "{failure}", "Failed calls of sinks.",
          [](Observer& observer) { observer.observe(self_metrics().sink_failures); });
  counter("waybill.pipeline.flushes", "{flush}", "Flushes.",
          [](Observer& observer) { observer.observe(self_metrics().flushes); });
  counter("waybill.pipeline.flush_time", "s", "Time spent in flushes.", [](Observer& observer) {
    observer.observe(std::chrono::duration<double>(self_metrics().flush_time_total).count());
  });
  counter("waybill.metrics.refused", "{refusal}", "Measurements without a place of their own.",
          [](Observer& observer) {
            const MetricCounts counts = metric_counts();
            observer.observe(counts.overflowed, {{"reason", "overflow"}});
            observer.observe(counts.refused_attributes, {{"reason", "attribute"}});
            observer.observe(counts.refused_values, {{"reason", "value"}});
            observer.observe(counts.no_memory, {{"reason", "no_memory"}});
          });
  handles.push_back(meter.observable_up_down_counter(
      "waybill.pipeline.rings", {.unit = "{ring}", .description = "Rings of threads."},
      [](Observer& observer) { observer.observe(self_metrics().rings); }));
  handles.push_back(meter.observable_up_down_counter(
      "waybill.pipeline.ring_bytes", {.unit = "By", .description = "Memory of rings."},
      [](Observer& observer) { observer.observe(self_metrics().ring_bytes); }));
  return handles;
}

}  // namespace waybill
