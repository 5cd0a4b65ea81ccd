#include <cstddef>
#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>
#include <protozero/exception.hpp>

#include <waybill/otlp/internal/span_texts.h>
#include <waybill/otlp/otlp_json.h>
#include <waybill/otlp/span_encoder.h>

#include "fuzz/require.h"

using namespace waybill;

namespace {

// What a span carries is mended once; false: it is not protobuf.
bool is_protobuf(const std::string& encoded) {
  try {
    const std::string valid = internal::with_valid_texts(encoded);
    REQUIRE(internal::has_valid_texts(valid));
    REQUIRE(internal::with_valid_texts(valid) == valid);
    return true;
  } catch (const protozero::exception&) {
    return false;
  }
}

}  // namespace

// A span that carries protobuf is a request that can be read, whatever its texts are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string encoded(reinterpret_cast<const char*>(data), size);
  const Resource resource;
  const InstrumentationScope scope;
  const Field field{"key", "value"};
  const EndedSpan span{.trace_id = {},
                       .span_id = {},
                       .parent_span_id = {},
                       .flags = {},
                       .name = encoded,
                       .start = {},
                       .end = {},
                       .trace_name = {},
                       .tracestate = {},
                       .context_fields = Fields(&field, 1),
                       .encoded = encoded,
                       .resource = resource,
                       .scope = scope};
  SpanEncoder encoder;
  const bool added = encoder.add(span);
  if (!is_protobuf(encoded)) return 0;
  REQUIRE(added);
  std::string json;
  if (append_otlp_json(json, OtlpSignal::kTraces, encoder.finish())) {
    REQUIRE(nlohmann::json::accept(json));
  }
  return 0;
}
