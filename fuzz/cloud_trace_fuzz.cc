#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/propagation/cloud_trace.h>

#include "fuzz/require.h"

using namespace waybill;

// Whatever is taken can be sent on, and says the same then.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto span = parse_cloud_trace(text);
  if (!span) return 0;
  REQUIRE(span->trace_id.is_valid() && span->span_id.is_valid());
  char buffer[kMaxCloudTraceSize];
  const char* const end = write_cloud_trace(
      Context::new_trace(
          {.trace_id = span->trace_id, .span_id = span->span_id, .sampling = span->sampling}),
      buffer);
  REQUIRE(parse_cloud_trace({buffer, static_cast<std::size_t>(end - buffer)}) == span);
  return 0;
}
