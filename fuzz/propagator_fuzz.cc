#include <algorithm>
#include <array>
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

// All formats, in one of as many orders.
const Propagator& everything(std::size_t first) {
  static const std::array<Propagator, kFormats> propagators = [] {
    std::array<Propagator, kFormats> made;
    for (std::size_t i = 0; i < kFormats; ++i) {
      FormatList formats = FormatList::none();
      for (std::size_t k = 0; k < kFormats; ++k) {
        formats.add(static_cast<Format>((i + k) % kFormats));
      }
      made[i] = Propagator({.formats = formats,
                            .trace_id_headers = {"X-Trace-ID", "X-Request-ID"},
                            .travelling_fields = {"*"}});
    }
    return made;
  }();
  return propagators[first % kFormats];
}

}  // namespace

// Whatever is taken over from any headers is sent on in every format, without a line break, and
// read back as the same trace. The first byte says which format is preferred.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Propagator& propagator = everything(data[0]);
  const HeaderListCarrier::Headers arrived =
      read_headers(std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  const Context remote = propagator.extract(HeaderListCarrier(arrived), {.trusted = true});
  const Context child = remote.child();

  HeaderListCarrier::Headers sent;
  HeaderListCarrier carrier(sent);
  propagator.inject(child, carrier, {.trusted = true});
  for (const auto& [name, value] : sent) {
    REQUIRE(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  }
  const Context received = propagator.extract(HeaderListCarrier(sent), {.trusted = true});
  REQUIRE(received.trace_id() == child.trace_id());
  REQUIRE(received.span_id() == child.span_id());
  REQUIRE(received.flags().sampled() == child.flags().sampled());
  // Only one format has these.
  if (*propagator.options().formats.begin() == Format::kTraceContext) {
    REQUIRE(received.flags() == child.flags());
    REQUIRE(received.tracestate() == child.tracestate());
  }
  // Spelled anew perhaps, where a value travelled as a field; but it says the same.
  const Baggage baggage = Baggage::of(child);
  baggage.for_each([&](std::string_view key, std::string_view) {
    REQUIRE(Baggage::of(received).get(key) == baggage.get(key));
  });
  return 0;
}
