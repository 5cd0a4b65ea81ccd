// A point of a metric in wire form: a message NumberDataPoint, HistogramDataPoint or
// ExponentialHistogramDataPoint (opentelemetry/proto/metrics/v1/metrics.proto).
#pragma once

#include <protozero/pbf_writer.hpp>

#include <waybill/metrics/metric_data.h>

namespace waybill::internal {

void write_point(protozero::pbf_writer& out, const NumberPoint& point);
void write_point(protozero::pbf_writer& out, const HistogramPoint& point);
void write_point(protozero::pbf_writer& out, const ExponentialHistogramPoint& point);

}  // namespace waybill::internal
