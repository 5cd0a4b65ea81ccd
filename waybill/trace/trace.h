// trace: spans, which say what took how long and what failed, and who decides which are recorded.
//
//   tracing.h         set-up of the process: exporters, sampler, limits
//   tracer.h, span.h  spans
//   samplers.h        samplers
//   span_exporter.h   where spans go: derive from it; the room otlp has those for collectors
//
// Uses core and pipeline.
#pragma once

#include <waybill/trace/memory_span_exporter.h>
#include <waybill/trace/span.h>
#include <waybill/trace/span_exporter.h>
#include <waybill/trace/tracer.h>
#include <waybill/trace/tracing.h>
