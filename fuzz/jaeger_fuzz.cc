#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/propagation/jaeger.h>

#include "fuzz/require.h"

using namespace waybill;

// Whatever is taken can be sent on, and says the same then.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto span = parse_uber_trace_id(text)) {
    REQUIRE(span->trace_id.is_valid() && span->span_id.is_valid());
    REQUIRE(span->sampling != Sampling::kUndecided);
    const Context context = Context::new_trace(
        {.trace_id = span->trace_id, .span_id = span->span_id, .sampling = span->sampling});
    char buffer[kUberTraceIdSize];
    const char* const end = write_uber_trace_id(context, buffer);
    RemoteSpan expected = *span;
    expected.parent_span_id = SpanId{};  // is not sent
    REQUIRE(parse_uber_trace_id({buffer, static_cast<std::size_t>(end - buffer)}) == expected);
  }
  read_jaeger_baggage(text, [](std::string_view key, std::string_view value) {
    REQUIRE(!key.empty());
    std::string name, spelled, received;
    if (!spell_uber_context(key, value, name, spelled)) return;
    REQUIRE(spelled.find_first_of("\r\n,;") == std::string::npos);
    REQUIRE(read_uber_context(key, spelled,
                              [&](std::string_view, std::string_view v) { received = v; }));
    REQUIRE(received == value);
  });
  return 0;
}
