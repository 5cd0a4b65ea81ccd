// The headers of Datadog's tracers: ids as decimal numbers of 64 bits, the sampling priority, where
// a trace came from, and tags that go with it.
//
//   x-datadog-trace-id: 1234567890123456789
//   x-datadog-parent-id: 987654321
//   x-datadog-sampling-priority: 1
//   x-datadog-tags: _dd.p.tid=640cfd8d00000000,_dd.p.dm=-4
//
// The upper half of a trace id is the tag _dd.p.tid. The other tags that begin with _dd.p., and the
// origin, belong to the trace and have to be passed on: a context keeps them where Datadog's
// tracers put them for W3C Trace Context, in the member "dd" of its tracestate ("o:rum;t.dm:-4").
// So they go from Datadog's headers to W3C's and back. (Datadog documentation, "Trace Context
// Propagation"; the rules for malformed ids are those of DataDog/system-tests.)
//
// All functions are thread-safe; nothing throws but for want of memory.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/propagation/remote_span.h>

namespace waybill {

inline constexpr std::string_view kDatadogTraceIdHeader = "x-datadog-trace-id";
inline constexpr std::string_view kDatadogParentIdHeader = "x-datadog-parent-id";
inline constexpr std::string_view kDatadogSamplingPriorityHeader = "x-datadog-sampling-priority";
inline constexpr std::string_view kDatadogTagsHeader = "x-datadog-tags";
inline constexpr std::string_view kDatadogOriginHeader = "x-datadog-origin";
// Of the tags header. A longer one is left alone, but for _dd.p.tid when it is sent.
inline constexpr std::size_t kMaxDatadogTagsSize = 512;

// The values of the headers; "" for one that is not there.
struct DatadogHeaders {
  std::string_view trace_id = {};
  std::string_view parent_id = {};
  std::string_view sampling_priority = {};
  std::string_view tags = {};
  std::string_view origin = {};
};

// The priority: 2, kept by a person, is Sampling::kDebug; 1 is kSampled; 0 and below, kDropped;
// none, or one that is no number, kUndecided. A tag _dd.p.tid that is not 16 lowercase digits is
// left out. Empty without a trace id, or with an id that is no number; without a parent id too,
// unless an origin says that there is none (a browser's session, a synthetic test): span_id is then
// not valid. Neither allocates nor throws.
std::optional<RemoteSpan> parse_datadog(const DatadogHeaders& headers) noexcept;

// The value of the tracestate's member "dd" for these headers; "" when they have nothing to pass
// on.
std::string datadog_tracestate(const DatadogHeaders& headers);

struct DatadogBuffer {
  static constexpr std::size_t kMaxDigits = 20;
  std::array<char, kMaxDigits> trace_id;
  std::array<char, kMaxDigits> parent_id;
  std::string tags;
  std::string origin;
};

// The headers of a request that `context` makes: what is "" is not to be sent, which is all of them
// where it has no trace or no span, or a trace id whose lower half is zero. The views are into
// `buffer`, or constants.
DatadogHeaders write_datadog(const Context& context, DatadogBuffer& buffer);

}  // namespace waybill
