// metrics: numbers about what a program does: counters, gauges, histograms.
//
//   const waybill::Meter meter("checkout", "1.0");
//   const auto requests = meter.counter("http.requests", {.unit = "{request}",
//                                                         .description = "Requests answered."});
//   const auto latency = meter.histogram("http.duration", {.unit = "s", .bounds = {0.01, 0.1, 1}});
//   ...
//   requests.add(1, {{"http.route", route}});
//   latency.record(seconds, {{"http.route", route}});
//
// A measurement goes into memory of the calling thread's own, and is added up when somebody
// collects: exporters each interval (metering.h), or a Prometheus server that scrapes
// (prometheus.h). Points carry exemplars, the ids of traces in which such a value was measured, so
// that a slow bucket leads to a request that was slow.
//
// Uses core, pipeline, trace and log.
#pragma once

#include <waybill/metrics/instrument.h>
#include <waybill/metrics/log_metrics.h>
#include <waybill/metrics/meter.h>
#include <waybill/metrics/metering.h>
#include <waybill/metrics/metric_data.h>
#include <waybill/metrics/observable.h>
#include <waybill/metrics/pipeline_metrics.h>
#include <waybill/metrics/prometheus.h>
#include <waybill/metrics/span_metrics.h>
