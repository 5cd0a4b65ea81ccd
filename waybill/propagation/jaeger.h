// The headers of Jaeger's own clients (Jaeger documentation, "Client Libraries", "Propagation
// Format"): `uber-trace-id` for the trace, `uberctx-KEY` for baggage.
//
//   uber-trace-id: 80f198ee56343ba864fe8b2a57d3eff7:e457b5a2e4d86bd1:0:1
//   uberctx-tenant: acme%20corp
//
//   char buffer[waybill::kUberTraceIdSize];
//   char* end = waybill::write_uber_trace_id(Context::current(), buffer);
//   auto remote = waybill::parse_uber_trace_id("d4cda95b:6e0c6325:0:3");
//
// All functions are thread-safe; nothing throws but for want of memory.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/propagation/remote_span.h>

namespace waybill {

inline constexpr std::string_view kUberTraceIdHeader = "uber-trace-id";
inline constexpr std::string_view kUberContextPrefix = "uberctx-";
// Baggage that a person adds by hand, with curl say: "key=value, key=value".
inline constexpr std::string_view kJaegerBaggageHeader = "jaeger-baggage";
inline constexpr std::size_t kUberTraceIdSize = 53;
// What is read of one such header: each member costs whoever keeps it.
inline constexpr std::size_t kMaxJaegerBaggageSize = 8192;
inline constexpr std::size_t kMaxJaegerBaggageMembers = 64;

// "TRACE:SPAN:PARENT:FLAGS", all in hexadecimal, of either case and without zeros in front; ":" may
// be percent-encoded. Trace ids have 1 to 32 digits, span ids 1 to 16; flags are one byte, of which
// 1 is sampled, and 2 beside it debug. The parent is deprecated, and is taken over only where it is
// an id. Empty for anything else. Neither allocates nor throws.
std::optional<RemoteSpan> parse_uber_trace_id(std::string_view text) noexcept;

// Writes the header of a request that `context` makes, with 0 for the parent, without a terminator.
// Returns the end, or `out` itself, with nothing written, where the context has no trace or no
// span.
char* write_uber_trace_id(const Context& context, char* out) noexcept;

// For each member of baggage.
using JaegerBaggageVisitor = std::function<void(std::string_view key, std::string_view value)>;

// The member in a header "uberctx-KEY: VALUE". The key comes out in lower case: the names of
// headers have none of their own, and who passes them on may change it. False for an empty key, and
// a value that is not percent-encoded as it should be.
bool read_uber_context(std::string_view key, std::string_view value,
                       const JaegerBaggageVisitor& visit);

// The members of a header "jaeger-baggage", within the limits above. Returns how many were left
// out: malformed, or one too many. A header that is too long counts as one, and is not read at all.
std::size_t read_jaeger_baggage(std::string_view list, const JaegerBaggageVisitor& visit);

// The header for one member of baggage. False where the key cannot be part of a header's name.
bool spell_uber_context(std::string_view key, std::string_view value, std::string& name,
                        std::string& text);

}  // namespace waybill
