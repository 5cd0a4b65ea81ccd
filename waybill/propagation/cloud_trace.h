// The header of Google Cloud (Cloud Trace documentation, "Trace context", "Legacy header"), which
// its load balancers and App Engine add.
//
//   X-Cloud-Trace-Context: 105445aa7843bc8bf206b12000100000/1;o=1
//
//   char buffer[waybill::kMaxCloudTraceSize];
//   char* end = waybill::write_cloud_trace(Context::current(), buffer);
//   auto remote = waybill::parse_cloud_trace("105445aa7843bc8bf206b12000100000/1;o=1");
//
// No function here allocates, fails or throws; all are thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/propagation/remote_span.h>

namespace waybill {

inline constexpr std::string_view kCloudTraceHeader = "X-Cloud-Trace-Context";
inline constexpr std::size_t kMaxCloudTraceSize = 57;

// "TRACE/SPAN" or "TRACE/SPAN;o=OPTIONS": 32 hex digits of either case, the span id as a decimal
// number, and options whose lowest bit says whether the trace is sampled; without them that is
// undecided. Empty for anything else, ids of zeros and numbers of more than 64 bits among it.
std::optional<RemoteSpan> parse_cloud_trace(std::string_view text) noexcept;

// Writes the header of a request that `context` makes, without a terminator; no options where
// sampling is undecided. Returns the end, or `out` itself, with nothing written, where the context
// has no trace or no span.
char* write_cloud_trace(const Context& context, char* out) noexcept;

}  // namespace waybill
