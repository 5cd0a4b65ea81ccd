// The header of AWS X-Ray (AWS X-Ray Developer Guide, "Tracing header"), which load balancers, API
// Gateway and Lambda add and pass on.
//
//   X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1
//
//   char buffer[waybill::kXRaySize];
//   char* end = waybill::write_xray(Context::current(), buffer);
//   auto trace = waybill::parse_xray("Root=1-5759e988-bd862e3fe1be46a994272793");
//
// All functions are thread-safe; nothing throws but for want of memory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/propagation/remote_span.h>

namespace waybill {

inline constexpr std::string_view kXRayHeader = "X-Amzn-Trace-Id";
inline constexpr std::size_t kXRaySize = 74;  // of what write_xray() writes
inline constexpr std::size_t kMaxXRayLineage = 255;

struct XRayTrace {
  // From a load balancer, which names a trace but no span, span_id is not valid.
  RemoteSpan span;
  // How often one Lambda has called the next, for AWS to stop loops; to be passed on. A view into
  // the header; empty where there is none.
  std::string_view lineage = {};
};

// Parts in any order, with spaces around them and their "="; parts of other names are left alone.
// Root: "1-", 1 to 8 digits of seconds, "-", 24 digits. Sampled: "1", "0", or "?" and left out for
// undecided. Empty without a Root, and where any part is malformed or named twice.
// Neither allocates nor throws.
std::optional<XRayTrace> parse_xray(std::string_view text) noexcept;

// Writes the header of a request that `context` makes, without a terminator; no Sampled where that
// is undecided. Returns the end, or `out` itself, with nothing written, where the context has no
// trace or no span. The first four bytes of a trace id go where X-Ray has the time: it refuses
// traces whose ids were not made for it, but passes them on.
char* write_xray(const Context& context, char* out) noexcept;

// Adds ";Lineage=..." to a header, unless it could not be read back.
void append_xray_lineage(std::string_view lineage, std::string& header);

}  // namespace waybill
