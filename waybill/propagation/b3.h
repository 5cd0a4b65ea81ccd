// The headers of B3 (openzipkin/b3-propagation), in which Zipkin, Envoy and Istio say what
// traceparent says: one header `b3`, or several X-B3-... ones.
//
//   b3: 80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1
//
//   char buffer[waybill::kMaxB3Size];
//   char* end = waybill::write_b3(Context::current(), buffer);
//   auto remote = waybill::parse_b3("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1");
//
// B3 knows four sampling states: none said (Sampling::kUndecided), "0", "1", and "d" for debug. It
// can also hold such a decision alone, for a trace that has yet to begin. Trace ids have 32 or 16
// digits; those of 16 are the low half of a TraceId.
//
// No function here allocates, fails or throws; all are thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/propagation/remote_span.h>

namespace waybill {

inline constexpr std::string_view kB3Header = "b3";
inline constexpr std::size_t kMaxB3Size = 51;  // of what is written

inline constexpr std::string_view kB3TraceIdHeader = "X-B3-TraceId";
inline constexpr std::string_view kB3SpanIdHeader = "X-B3-SpanId";
inline constexpr std::string_view kB3ParentSpanIdHeader = "X-B3-ParentSpanId";
inline constexpr std::string_view kB3SampledHeader = "X-B3-Sampled";
inline constexpr std::string_view kB3FlagsHeader = "X-B3-Flags";

// "TRACE-SPAN", "TRACE-SPAN-STATE", "TRACE-SPAN-STATE-PARENT", or "STATE" alone, for which the ids
// of the result are not valid. Empty for anything else: uppercase digits, ids of zeros or of other
// lengths. Spaces and tabs around the value are no part of it.
std::optional<RemoteSpan> parse_b3(std::string_view text) noexcept;

// The values of the several headers; "" for one that is not there.
struct B3Headers {
  std::string_view trace_id = {};
  std::string_view span_id = {};
  std::string_view parent_span_id = {};
  std::string_view sampled = {};  // "0" or "1"; older senders also say "true" and "false"
  std::string_view flags = {};    // "1" is debug, and counts before `sampled`; others mean nothing

  friend bool operator==(const B3Headers&, const B3Headers&) noexcept = default;
};

// As parse_b3().
std::optional<RemoteSpan> parse_b3_multi(const B3Headers& headers) noexcept;

// Writes the header `b3` of a request that `context` makes, without a terminator. Without a trace
// or a span: the decision alone. Returns the end, or `out` itself where there is nothing to say.
// The parent's id is not sent (OpenTelemetry, "Propagators API", "B3 Inject").
char* write_b3(const Context& context, char* out) noexcept;

// The same for the several headers: what is "" is not to be sent. The views are into `buffer`, or
// constants.
using B3Buffer = std::array<char, TraceId::kHexSize + SpanId::kHexSize>;
B3Headers write_b3_multi(const Context& context, B3Buffer& buffer) noexcept;

}  // namespace waybill
