// The header `X-Trace-ID`: the id by which people know a trace, in whatever spelling they use.
//
//   parse_x_trace_id("4bf92f3577b34da6a3ce929d0e0e4736")       // the trace id itself
//   parse_x_trace_id("4bf92f35-77b3-4da6-a3ce-929d0e0e4736")   // the same
//   parse_x_trace_id("batch-job-2025-10-21")                   // a trace name, and its id
//
// All functions are thread-safe; parsing neither allocates nor throws.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/core/context.h>

namespace waybill {

inline constexpr std::string_view kXTraceIdHeader = "X-Trace-ID";
inline constexpr std::size_t kMaxXTraceIdSize = 128;

// What an X-Trace-ID says.
struct XTraceId {
  TraceId trace_id;
  std::string_view trace_name;  // empty when the text was the id itself; a view into that text
};

// Empty when the text is neither 32 hex digits, a UUID, nor another 1 to kMaxXTraceIdSize visible
// ASCII characters (0x21 to 0x7e), and when the id is all zero. Spaces and tabs around the value
// are no part of it.
std::optional<XTraceId> parse_x_trace_id(std::string_view text) noexcept;

// The trace name, if there is one that parse_x_trace_id() reads back as a name, else the trace id;
// "" where the context has no trace.
//
// write_x_trace_id() writes into a place for kMaxXTraceIdSize characters, without a terminator, and
// returns the end.
char* write_x_trace_id(const Context& context, TraceIdSpelling spelling, char* out) noexcept;
std::string to_x_trace_id(const Context& context, TraceIdSpelling spelling = TraceIdSpelling::kHex);

}  // namespace waybill
