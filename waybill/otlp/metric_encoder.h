// encode_metrics: a snapshot of metrics as requests of OTLP in protobuf's wire form: each an
// ExportMetricsServiceRequest (opentelemetry/proto/collector/metrics/v1/metrics_service.proto).
//
//   encode_metrics(snapshot, 4 << 20, [&](WireBuffer& request, std::size_t points) {
//     post(request.view());
//   });
#pragma once

#include <cstddef>
#include <functional>

#include <waybill/metrics/metric_data.h>
#include <waybill/otlp/wire_buffer.h>

namespace waybill {

// Takes a request, and how many points it holds. Whatever it leaves in the buffer, its memory is
// used for the next one.
using TakeMetricRequest = std::function<void(WireBuffer& request, std::size_t points)>;

// As many points in a request as `most_bytes` hold, but at least one; none for a snapshot without
// points. Texts that are not UTF-8 get U+FFFD for what is malformed. Throws std::bad_alloc, and
// what `take` throws.
void encode_metrics(const MetricSnapshot& snapshot, std::size_t most_bytes,
                    const TakeMetricRequest& take);

}  // namespace waybill
