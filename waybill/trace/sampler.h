// Sampler: decides whether a trace is recorded.
//
// It is asked once for each local root, a span without a parent in this process: what is decided
// there holds for all spans below it, and travels with the context. It is not asked where somebody
// wants to see the trace whatever it costs (Sampling::kDebug). See samplers.h for those that there
// are.
#pragma once

#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/core/sampling.h>
#include <waybill/trace/attribute.h>
#include <waybill/trace/span_kind.h>

namespace waybill {

struct SamplingQuestion {
  // What the span is a child of: with a trace from another process, whose decision is
  // parent.sampling(); or with none, and then the trace begins here. Its tracestate says how
  // others have sampled.
  const Context& parent;
  // Of the span that is to begin: the parent's, or a new one.
  TraceId trace_id;
  TraceFlags flags;  // whether the id is random
  std::string_view name;
  SpanKind kind;
  Attributes attributes;
};

struct SamplingAnswer {
  // kDropped; kSampled; kRecorded: recorded here, and told to others as not sampled.
  Sampling sampling = Sampling::kDropped;
  // What `tracestate` is to be from here on, where the decision changes it. Else unused.
  bool changes_tracestate = false;
  std::string tracestate = {};
};

class Sampler {
 public:
  virtual ~Sampler() = default;

  // Thread-safe.
  virtual SamplingAnswer decide(const SamplingQuestion& question) noexcept = 0;

  // As OpenTelemetry writes samplers: "ParentBased{AlwaysOnSampler}".
  virtual std::string description() const = 0;
};

}  // namespace waybill
