// The remote endpoint of a span, as Zipkin calls whom it talked to.
#pragma once

#include <string>

#include <waybill/trace/ended_span.h>

namespace waybill::internal {

// A JSON object, from the first of the attributes that OpenTelemetry's mapping ranks; empty where
// the span has none of them.
std::string zipkin_remote_endpoint(const SpanData& span);

}  // namespace waybill::internal
