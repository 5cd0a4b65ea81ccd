#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/propagation/traceparent.h>

#include "fuzz/require.h"

using namespace waybill;

// Whatever is taken can be sent on, and says the same then.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto parent = parse_traceparent(text);
  if (!parent) return 0;
  REQUIRE(parent->trace_id.is_valid() && parent->span_id.is_valid());
  const Context context = Context::new_trace(
      {.trace_id = parent->trace_id, .span_id = parent->span_id, .flags = parent->flags});
  REQUIRE(parse_traceparent(to_traceparent(context)) == parent);
  return 0;
}
