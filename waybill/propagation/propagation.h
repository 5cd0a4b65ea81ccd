// propagation: how a context travels from service to service.
//
//   waybill::MapCarrier out(request.headers);
//   waybill::inject(waybill::Context::current(), out);             // the client
//
//   waybill::MapCarrier in(request.headers);
//   waybill::Scope scope{waybill::extract(in).child()};            // the server
//
// This room holds carriers (carrier.h, environment_carrier.h, and those of other libraries:
// beast_carrier.h, curl_carrier.h), the formats, a header each (traceparent.h, tracestate.h,
// baggage.h, x_trace_id.h, b3.h, jaeger.h, xray.h, cloud_trace.h, datadog.h), the Propagator that
// speaks several of them, and the JSON message envelope (envelope.h). It uses core and nothing
// else.
//
// Whatever arrives from outside is taken for hostile: sizes are bounded, malformed values are
// dropped and counted by reason (rejections.h), and nothing here throws but for want of memory, and
// in set-up. Every function is thread-safe; of one carrier, only one at a time.
#pragma once

#include <waybill/core/context.h>
#include <waybill/propagation/baggage.h>
#include <waybill/propagation/carrier.h>
#include <waybill/propagation/envelope.h>
#include <waybill/propagation/propagator.h>
#include <waybill/propagation/rejections.h>
#include <waybill/propagation/traceparent.h>
#include <waybill/propagation/tracestate.h>
#include <waybill/propagation/x_trace_id.h>

namespace waybill {

// As the functions of default_propagator().
inline void inject(const Context& context, Carrier& carrier, const InjectOptions& options = {}) {
  default_propagator().inject(context, carrier, options);
}
inline Context extract(const Carrier& carrier, const ExtractOptions& options = {}) {
  return default_propagator().extract(carrier, options);
}

}  // namespace waybill
