// What the vectors of all trace formats have in common: headers to a trace, and a trace to headers.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include <waybill/propagation/carrier.h>
#include <waybill/propagation/propagator.h>

#include "tests/support/vectors.h"

namespace waybill::test {

inline Context extract_from(const Propagator& propagator, const nlohmann::json& in) {
  const HeaderListCarrier::Headers headers = headers_of(in.at("headers"));
  return propagator.extract(HeaderListCarrier(headers), {.trusted = true});
}

inline std::string differing_trace(const Context& remote, const nlohmann::json& expect) {
  const std::string validity = difference_in(expect, "valid", remote.has_trace());
  if (!validity.empty() || !remote.has_trace()) return validity;
  return difference_in(expect, "trace_id", remote.trace_id().to_hex()) +
         difference_in(expect, "span_id", remote.span_id().to_hex()) +
         difference_in(expect, "flags", remote.flags().byte()) +
         difference_in(expect, "sampled", remote.flags().sampled()) +
         difference_in(expect, "random", remote.flags().random()) +
         difference_in(expect, "debug", remote.sampling() == Sampling::kDebug);
}

// The context of an "inject" vector, whose ids may be "" or null for none.
inline Context context_of(const nlohmann::json& in) {
  const auto text = [&in](const char* name) {
    return in.at(name).is_string() ? text_of(in, name) : std::string();
  };
  const auto trace_id = TraceId::from_hex(text("trace_id"));
  if (!trace_id) return {};
  const std::string tracestate = in.contains("tracestate") ? text_of(in, "tracestate") : "";
  const auto flags = in.contains("flags") ? in.at("flags").get<std::uint8_t>() : std::uint8_t{0};
  return Context::new_trace({.trace_id = trace_id,
                             .span_id = SpanId::from_hex(text("span_id")).value_or(SpanId{}),
                             .flags = TraceFlags(flags),
                             .tracestate = tracestate});
}

inline std::string differing_headers(const Propagator& propagator, const Context& context,
                                     const nlohmann::json& expect) {
  HeaderListCarrier::Headers sent;
  HeaderListCarrier carrier(sent);
  propagator.inject(context, carrier, {.trusted = true});
  return sent == headers_of(expect.at("headers")) ? "" : "sent other headers";
}

}  // namespace waybill::test
