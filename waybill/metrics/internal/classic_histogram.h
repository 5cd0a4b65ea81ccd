// Classic histograms: those with bounds, as Prometheus's formats have them, and their sums.
#pragma once

#include <waybill/metrics/metric_data.h>

namespace waybill::internal {

// With at most four bounds from one power of two to the next.
HistogramPoint classic_histogram(const ExponentialHistogramPoint& point);

// Adds buckets, count, sum and minimum. Where the bounds are not the same, the result has those
// that both have: how many values are less is known of both only there. Prometheus itself does so
// with native histograms that have custom bounds.
void add_histogram(HistogramPoint& to, const HistogramPoint& other);

// With the lower of both scales. False, and nothing has been added: what they count as zero is not
// the same.
bool add_histogram(ExponentialHistogramPoint& to, const ExponentialHistogramPoint& other);

}  // namespace waybill::internal
