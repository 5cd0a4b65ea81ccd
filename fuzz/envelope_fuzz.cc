#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/propagation/envelope.h>

#include "fuzz/require.h"

using namespace waybill;

// A payload without its envelope stays as it is, and what is put into it comes out of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string json(reinterpret_cast<const char*>(data), size);
  const auto envelope = extract_envelope(json);
  if (!envelope) {
    REQUIRE(!inject_envelope(json, Context::new_trace()));
    return 0;
  }
  const auto again = extract_envelope(envelope->payload);
  REQUIRE(again && again->payload == envelope->payload && again->context.empty());

  const auto sent = inject_envelope(envelope->payload, envelope->context);
  REQUIRE(sent);
  const auto received = extract_envelope(*sent);
  REQUIRE(received && received->payload == envelope->payload);
  REQUIRE(received->context.trace_id() == envelope->context.trace_id());
  REQUIRE(received->context.fields().size() == envelope->context.fields().size());

  EnvelopeReader reader;
  for (const std::string& text : {json, *sent, json, *sent}) {
    const auto first = extract_envelope(text);
    const auto next = reader.extract(text);
    REQUIRE(next && next->payload == first->payload);
    REQUIRE(next->context.trace_id() == first->context.trace_id());
  }
  return 0;
}
