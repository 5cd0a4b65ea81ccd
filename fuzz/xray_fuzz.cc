#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/propagation/xray.h>

#include "fuzz/require.h"

using namespace waybill;

// Whatever is taken can be sent on, and says the same then.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto trace = parse_xray(text);
  if (!trace) return 0;
  const RemoteSpan& span = trace->span;
  REQUIRE(span.trace_id.is_valid());
  if (!span.span_id.is_valid()) return 0;
  char buffer[kXRaySize];
  const char* const end = write_xray(
      Context::new_trace(
          {.trace_id = span.trace_id, .span_id = span.span_id, .sampling = span.sampling}),
      buffer);
  std::string sent(buffer, static_cast<std::size_t>(end - buffer));
  append_xray_lineage(trace->lineage, sent);
  const auto received = parse_xray(sent);
  REQUIRE(received && received->span == span && received->lineage == trace->lineage);
  return 0;
}
