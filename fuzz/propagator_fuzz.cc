#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/propagation/propagation.h>

#include "fuzz/require.h"

using namespace waybill;

namespace {

// Lines of "name: value".
HeaderListCarrier::Headers read_headers(const std::string& text) {
  HeaderListCarrier::Headers headers;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    const std::size_t colon = std::min(line.find(": "), line.size());
    headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
    begin = end + 1;
  }
  return headers;
}

const Propagator& everything() {
  static const Propagator propagator(
      {.formats =
           FormatList::parse("tracecontext,baggage,x-trace-id,b3,b3multi,jaeger,xray,gcp,datadog"),
       .trace_id_headers = {"X-Trace-ID", "X-Request-ID"},
       .travelling_fields = {"*"}});
  return propagator;
}

}  // namespace

// Whatever is taken over from any headers is sent on in every format, without a line break, and
// read back as the same trace.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const HeaderListCarrier::Headers arrived =
      read_headers(std::string(reinterpret_cast<const char*>(data), size));
  const Context remote = everything().extract(HeaderListCarrier(arrived), {.trusted = true});
  const Context child = remote.child();

  HeaderListCarrier::Headers sent;
  HeaderListCarrier carrier(sent);
  everything().inject(child, carrier, {.trusted = true});
  for (const auto& [name, value] : sent) {
    REQUIRE(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  }
  const Context received = everything().extract(HeaderListCarrier(sent), {.trusted = true});
  REQUIRE(received.trace_id() == child.trace_id());
  REQUIRE(received.span_id() == child.span_id());
  REQUIRE(received.flags() == child.flags());
  REQUIRE(received.tracestate() == child.tracestate());
  // Spelled anew perhaps, where a value travelled as a field; but it says the same.
  const Baggage baggage = Baggage::of(child);
  baggage.for_each([&](std::string_view key, std::string_view) {
    REQUIRE(Baggage::of(received).get(key) == baggage.get(key));
  });
  return 0;
}
