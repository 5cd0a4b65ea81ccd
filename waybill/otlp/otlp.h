// otlp: telemetry in the OpenTelemetry Protocol: to a collector over HTTP (protobuf or JSON) or
// gRPC, and to whatever reads its messages.
//
//   waybill::configure_tracing({.service = "weather",
//                               .exporters = {waybill::otlp_span_exporter()}});
//
// sends spans to http://localhost:4318, or where the environment says (environment.h). Requests are
// made on the pipeline's background thread and sent by one thread for each exporter. A collector
// that is down for a while costs nothing: requests wait in memory, up to a limit, or on disk
// (OtlpSpool), also for the next run of the program. flush(), and the end of the process, wait for
// requests to arrive, or to be in the spool.
//
// gRPC is in room otlp_grpc. Uses core, pipeline, trace, log, metrics.
#pragma once

#include <waybill/otlp/environment.h>
#include <waybill/otlp/exporters.h>
#include <waybill/otlp/otlp_metrics.h>
#include <waybill/otlp/otlp_options.h>
