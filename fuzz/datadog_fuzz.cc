#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/propagation/datadog.h>
#include <waybill/propagation/tracestate.h>

#include "fuzz/require.h"

using namespace waybill;

// Whatever is taken from five lines, a header each, can be sent on, and says the same then.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::array<std::string_view, 5> lines;
  std::string_view rest = text;
  for (std::string_view& line : lines) {
    line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  const DatadogHeaders headers{.trace_id = lines[0],
                               .parent_id = lines[1],
                               .sampling_priority = lines[2],
                               .tags = lines[3],
                               .origin = lines[4]};
  const std::string member = datadog_tracestate(headers);
  REQUIRE(member.empty() || Tracestate::is_valid_value(member));
  const auto span = parse_datadog(headers);
  if (!span) return 0;
  REQUIRE(span->trace_id.is_valid());
  if (!span->span_id.is_valid()) return 0;

  const std::string tracestate = member.empty() ? "" : "dd=" + member;
  DatadogBuffer buffer;
  const DatadogHeaders sent = write_datadog(Context::new_trace({.trace_id = span->trace_id,
                                                                .span_id = span->span_id,
                                                                .sampling = span->sampling,
                                                                .tracestate = tracestate}),
                                            buffer);
  REQUIRE(sent.tags.size() <= kMaxDatadogTagsSize);
  REQUIRE(parse_datadog(sent) == span);
  return 0;
}
