// The points of one instrument: the cells of all threads added up.
#pragma once

#include <chrono>

#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/internal/observed_points.h>

namespace waybill::internal {

using SystemTime = std::chrono::system_clock::time_point;

// `take`: see read_cell(). Without points, `ids` is empty.
CollectedMetric collect_measured(detail::Instrument& instrument, SystemTime now, bool take);
CollectedMetric collect_observed(detail::Instrument& instrument, ObservedPoints& observed,
                                 SystemTime now);

}  // namespace waybill::internal
