#include <optional>
#include <string>

#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/internal/readers.h>
#include <waybill/propagation/internal/rejection_counters.h>
#include <waybill/propagation/propagation.h>

namespace waybill {
namespace {

using internal::Rejection;

std::optional<Traceparent> extract_traceparent(const Carrier& carrier, const FormatOrder& order) {
  if (!order.contains(TraceFormat::kTraceparent)) return std::nullopt;
  std::string storage;
  const auto text = carrier.view_joined(kTraceparentHeader, storage);
  if (!text) return std::nullopt;
  // Of several headers, joined by commas, no version makes a valid one.
  return internal::read_traceparent(*text);
}

std::optional<XTraceId> extract_x_trace_id(const Carrier& carrier, const FormatOrder& order) {
  if (!order.contains(TraceFormat::kXTraceId)) return std::nullopt;
  const auto text = carrier.get(kXTraceIdHeader);
  if (!text) return std::nullopt;
  std::string storage;
  // A trace name may have commas, so that several headers do not show in the joined text alone.
  if (carrier.view_joined(kXTraceIdHeader, storage) != text) {
    internal::count_rejection(Rejection::kXTraceIdMalformed);
    return std::nullopt;
  }
  return internal::read_x_trace_id(*text);
}

std::string_view extract_baggage(const Carrier& carrier, const ExtractOptions& options,
                                 std::string& storage) {
  if (!options.trusted) return {};
  const auto text = carrier.view_joined(kBaggageHeader, storage);
  return text ? internal::read_baggage(*text) : std::string_view{};
}

// Lets one of two formats win where they speak of different traces.
void settle(const FormatOrder& order, std::optional<Traceparent>& parent,
            std::optional<XTraceId>& named) {
  if (!parent || !named || parent->trace_id == named->trace_id) return;
  if (*order.begin() == TraceFormat::kTraceparent) {
    named.reset();
  } else {
    parent.reset();
  }
}

}  // namespace

std::string_view internal::read_baggage(std::string_view text) noexcept {
  text = trim(text);
  if (text.size() > kMaxBaggageSize) {
    count_rejection(Rejection::kBaggageTooLong);
    return {};
  }
  if (!is_header_text(text)) {
    count_rejection(Rejection::kBaggageMalformed);
    return {};
  }
  return text;
}

void inject(const Context& context, Carrier& carrier, const InjectOptions& options) {
  if (context.has_trace()) {
    char buffer[kTraceparentSize];
    const char* const end = write_traceparent(context, buffer);
    const std::string_view traceparent(buffer, static_cast<std::size_t>(end - buffer));
    const std::string_view tracestate =
        internal::is_header_text(context.tracestate()) ? context.tracestate() : std::string_view{};

    // What an earlier request left in the carrier must not be read together with this trace.
    if (traceparent.empty()) {
      carrier.remove(kTraceparentHeader);
    } else {
      carrier.set(kTraceparentHeader, traceparent);
    }
    if (traceparent.empty() || tracestate.empty()) {
      carrier.remove(kTracestateHeader);
    } else {
      carrier.set(kTracestateHeader, tracestate);
    }
    carrier.set(kXTraceIdHeader, to_x_trace_id(context, options.spelling));
  }
  const std::string_view baggage = context.baggage();
  if (options.trusted && !baggage.empty() && baggage.size() <= kMaxBaggageSize &&
      internal::is_header_text(baggage)) {
    carrier.set(kBaggageHeader, baggage);
  } else {
    carrier.remove(kBaggageHeader);  // headers that are passed on may have had somebody else's
  }
}

Context extract(const Carrier& carrier, const ExtractOptions& options) {
  auto parent = extract_traceparent(carrier, options.order);
  auto named = extract_x_trace_id(carrier, options.order);
  settle(options.order, parent, named);

  std::string baggage_storage;
  const std::string_view baggage = extract_baggage(carrier, options, baggage_storage);
  if (!parent && !named) return baggage.empty() ? Context{} : Context{}.with_baggage(baggage);

  TraceOptions trace;
  trace.trace_id = parent ? parent->trace_id : named->trace_id;
  trace.span_id = parent ? parent->span_id : SpanId{};
  if (parent) trace.flags = parent->flags;
  if (named) trace.name = named->trace_name;
  trace.baggage = baggage;
  // A tracestate belongs to its traceparent and is not read without it (section 3.3).
  std::string tracestate_storage;
  if (parent) {
    const auto text = carrier.view_joined(kTracestateHeader, tracestate_storage);
    if (text) trace.tracestate = internal::read_tracestate(*text, tracestate_storage);
  }
  return Context::new_trace(trace);
}

}  // namespace waybill
