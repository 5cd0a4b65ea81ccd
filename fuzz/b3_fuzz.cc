#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/propagation/b3.h>

#include "fuzz/require.h"

using namespace waybill;

// Whatever is taken can be sent on in either form, and says the same then.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  // As the single header, and cut in parts as the several ones.
  const std::size_t part = size / 4;
  const B3Headers parts{.trace_id = std::string_view(text).substr(0, part),
                        .span_id = std::string_view(text).substr(part, part),
                        .sampled = std::string_view(text).substr(2 * part, part),
                        .flags = std::string_view(text).substr(3 * part)};
  for (const auto& span : {parse_b3(text), parse_b3_multi(parts)}) {
    if (!span) continue;
    REQUIRE(span->trace_id.is_valid() == span->span_id.is_valid());
    REQUIRE(span->trace_id.is_valid() || span->sampling != Sampling::kUndecided);
    RemoteSpan expected = *span;
    expected.parent_span_id = SpanId{};  // is not sent
    Context context = Context{}.with_sampling(span->sampling);
    if (span->trace_id.is_valid()) {
      context = Context::new_trace(
          {.trace_id = span->trace_id, .span_id = span->span_id, .sampling = span->sampling});
    }
    char buffer[kMaxB3Size];
    const char* const end = write_b3(context, buffer);
    REQUIRE(parse_b3({buffer, static_cast<std::size_t>(end - buffer)}) == expected);
    B3Buffer multi;
    REQUIRE(parse_b3_multi(write_b3_multi(context, multi)) == expected);
  }
  return 0;
}
