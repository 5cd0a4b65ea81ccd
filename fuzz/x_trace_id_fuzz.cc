#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/propagation/x_trace_id.h>

#include "fuzz/require.h"

using namespace waybill;

// Whatever is taken is sent on under the same name, and leads to the same trace.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto named = parse_x_trace_id(text);
  if (!named) return 0;
  REQUIRE(named->trace_id.is_valid());
  const Context context =
      Context::new_trace({.name = named->trace_name, .trace_id = named->trace_id});
  const std::string sent = to_x_trace_id(context);
  REQUIRE(!sent.empty() && sent.size() <= kMaxXTraceIdSize);
  const auto again = parse_x_trace_id(sent);
  REQUIRE(again && again->trace_id == named->trace_id && again->trace_name == named->trace_name);
  return 0;
}
