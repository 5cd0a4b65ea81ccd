// What the pipeline counts of itself, as metrics: MetricsOptions::pipeline_metrics turns it on.
//
//   waybill.pipeline.records           counter     {record}
//   waybill.pipeline.dropped           counter     {record}   by reason: ring_full, too_large,
//                                                             no_memory, sink
//   waybill.pipeline.bytes_written     counter     By
//   waybill.pipeline.sink_failures     counter     {failure}
//   waybill.pipeline.flushes           counter     {flush}
//   waybill.pipeline.flush_time        counter     s
//   waybill.pipeline.rings             up-down     {ring}
//   waybill.pipeline.ring_bytes        up-down     By
//   waybill.metrics.refused            counter     {refusal}  by reason: see MetricCounts
#pragma once

#include <vector>

#include <waybill/metrics/observable.h>

namespace waybill {

namespace internal {
using ObservableHandles = std::vector<ObservableHandle>;
}

// As long as the handles are kept.
std::vector<ObservableHandle> observe_pipeline();

}  // namespace waybill
