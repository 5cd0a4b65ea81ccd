// The set-up of tracing that is in force, for the threads that begin spans.
#pragma once

#include <atomic>
#include <memory>

#include <waybill/trace/sampler.h>
#include <waybill/trace/tracing.h>

namespace waybill::internal {

struct TracingState {
  SpanLimits limits;
  std::shared_ptr<Sampler> sampler;  // null: what is not decided is sampled
  bool records_all = false;          // for a tail decision
};

// Null until tracing was set up. It stays, once replaced, as other threads may be reading it.
extern constinit std::atomic<const TracingState*> tracing_state;

}  // namespace waybill::internal
