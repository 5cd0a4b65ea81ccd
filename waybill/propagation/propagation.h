// propagation: how a context travels from service to service.
//
//   waybill::MapCarrier out(request.headers);
//   waybill::inject(waybill::Context::current(), out);             // the client
//
//   waybill::MapCarrier in(request.headers);
//   waybill::Scope scope{waybill::extract(in).child()};            // the server
//
// This room holds carriers (carrier.h), the headers that W3C Trace Context and others define
// (traceparent.h, tracestate.h, x_trace_id.h), and the JSON message envelope (envelope.h). It uses
// core and nothing else.
//
// Whatever arrives from outside is taken for hostile: sizes are bounded, malformed values are
// dropped and counted by reason (rejections.h), and nothing here throws but for want of memory.
// Every function is thread-safe; of one carrier, only one at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/propagation/carrier.h>
#include <waybill/propagation/envelope.h>
#include <waybill/propagation/rejections.h>
#include <waybill/propagation/traceparent.h>
#include <waybill/propagation/tracestate.h>
#include <waybill/propagation/x_trace_id.h>

namespace waybill {

inline constexpr std::string_view kBaggageHeader = "baggage";
// What every system has to carry (W3C Baggage, "Limits"); more is dropped.
inline constexpr std::size_t kMaxBaggageSize = 8192;

// Where a trace can be read from.
enum class TraceFormat : std::uint8_t { kTraceparent, kXTraceId };

// Which formats extract() reads, the preferred one first.
class FormatOrder {
 public:
  static constexpr std::size_t kFormats = 2;

  constexpr FormatOrder() noexcept : formats_{TraceFormat::kTraceparent, TraceFormat::kXTraceId} {}
  // A format that is named again counts where it stands first.
  constexpr FormatOrder(std::initializer_list<TraceFormat> formats) noexcept : size_(0) {
    for (const TraceFormat format : formats) {
      if (!contains(format)) formats_[size_++] = format;
    }
  }

  constexpr bool contains(TraceFormat format) const noexcept {
    for (const TraceFormat mine : *this) {
      if (mine == format) return true;
    }
    return false;
  }
  constexpr const TraceFormat* begin() const noexcept { return formats_.data(); }
  constexpr const TraceFormat* end() const noexcept { return formats_.data() + size_; }

 private:
  std::array<TraceFormat, kFormats> formats_{};
  std::size_t size_ = kFormats;
};

struct InjectOptions {
  // Whether the receiver may see baggage, which can hold what must not leave the house.
  bool trusted = false;
  // How X-Trace-ID spells a trace that has no name.
  TraceIdSpelling spelling = TraceIdSpelling::kHex;
};

struct ExtractOptions {
  // Traces in other formats are not looked for.
  FormatOrder order = {};
  // Whether the sender's baggage is taken over.
  bool trusted = false;
};

// Writes traceparent, tracestate and X-Trace-ID, and to a trusted receiver baggage, over what the
// carrier may have had. A context without a trace writes no ids, one without a span no traceparent.
// What would not be valid in a header (a trace name with spaces, baggage with line breaks) is left
// out.
void inject(const Context& context, Carrier& carrier, const InjectOptions& options = {});

// The sender's context: the trace, the sender's span as span_id, flags, tracestate, and baggage
// from a trusted sender. Make a child() of it for what is done here.
//
// The trace is that of the first format in the order which is there and valid. When traceparent and
// X-Trace-ID speak of the same trace, the context has what either says. From X-Trace-ID alone
// nothing is known of the sender's span: span_id is invalid, and a child() has no parent. A header
// that stands there twice is ambiguous and taken for malformed, but for the lists tracestate and
// baggage. Where nothing valid is found, the context is empty.
Context extract(const Carrier& carrier, const ExtractOptions& options = {});

}  // namespace waybill
