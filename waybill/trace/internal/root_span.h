// A local root: a span with no span of this process above it. Here samplers are asked.
#pragma once

#include <waybill/trace/internal/tracing_state.h>
#include <waybill/trace/span.h>

namespace waybill::internal {

// As detail::begin_span(), for what is to be a local root. Throws std::bad_alloc, and what a
// sampler throws.
detail::BegunSpan begin_root(const TracingState& state, const InstrumentationScope* scope,
                             const SpanName& name, Attributes attributes,
                             const SpanOptions* options, bool keeps_node);

}  // namespace waybill::internal
