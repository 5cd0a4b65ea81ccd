#include <waybill/propagation/b3.h>
#include <waybill/propagation/cloud_trace.h>
#include <waybill/propagation/datadog.h>
#include <waybill/propagation/internal/plain_tracestate.h>
#include <waybill/propagation/internal/readers.h>
#include <waybill/propagation/internal/trace_reader.h>
#include <waybill/propagation/jaeger.h>
#include <waybill/propagation/xray.h>

namespace waybill::internal {
namespace {

// Adds to `trace` what `other` says of it and it does not know itself.
void complete(RemoteTrace& trace, const RemoteTrace& other) noexcept {
  if (other.options.trace_id != trace.options.trace_id) return;
  const std::string_view name =
      trace.options.name.empty() ? other.options.name : trace.options.name;
  if (!trace.has_span() && other.has_span()) trace.options = other.options;
  trace.options.name = name;
}

// Fills in the span; what was there, and could not be read, is counted.
bool fill(RemoteTrace& trace, const std::optional<RemoteSpan>& span, bool is_there,
          Rejection malformed) {
  if (!span) {
    if (is_there) count_rejection(malformed);
    return false;
  }
  if (span->trace_id.is_valid()) trace.options.trace_id = span->trace_id;
  trace.options.span_id = span->span_id;
  trace.options.parent_span_id = span->parent_span_id;
  trace.options.flags = TraceFlags();
  trace.options.sampling = span->sampling;
  return true;
}

}  // namespace

void TraceReader::read(RemoteTrace& trace) {
  // Of the first format that has one without a trace: it counts until there is a trace.
  Sampling decision = Sampling::kUndecided;
  for (const auto& [format, headers] : plan_.sources) {
    if ((headers_.found() & headers) == 0) continue;
    if (trace.has_trace()) {
      // Worth reading still: a name for the trace, and its span where that is missing.
      const bool is_missing =
          format == Format::kTraceIdHeader ? trace.options.name.empty() : !trace.has_span();
      if (is_missing) read_more(format, trace);
    } else if (read(format, trace) && !trace.has_trace()) {
      if (decision == Sampling::kUndecided) decision = *trace.options.sampling;
      trace = {};
    }
  }
  if (!trace.has_trace()) trace.options.sampling = decision;
}

void TraceReader::read_more(Format format, RemoteTrace& trace) {
  RemoteTrace more;
  if (read(format, more)) complete(trace, more);
}

bool TraceReader::read(Format format, RemoteTrace& trace) {
  switch (format) {
    case Format::kTraceContext:
      return read_trace_context(trace);
    case Format::kTraceIdHeader:
      return read_trace_id_headers(trace);
    case Format::kB3:
    case Format::kB3Multi:
      return read_b3(trace) || read_b3_multi(trace);
    case Format::kJaeger:
      return read_jaeger(trace);
    case Format::kXRay:
      return read_xray(trace);
    case Format::kCloudTrace:
      return read_cloud_trace(trace);
    case Format::kDatadog:
      return read_datadog(trace);
    case Format::kBaggage:
      break;
  }
  return false;
}

std::string_view TraceReader::single(std::size_t header, Rejection malformed) const {
  if (!headers_.is_repeated(header)) return headers_.value(header);
  count_rejection(malformed);
  return {};
}

bool TraceReader::read_trace_context(RemoteTrace& trace) {
  const auto parent =
      read_traceparent(single(kTraceparentNumber, &RejectionCounts::traceparent_malformed));
  if (!parent) return false;
  trace.options.trace_id = parent->trace_id;
  trace.options.span_id = parent->span_id;
  trace.options.flags = parent->flags;
  // A tracestate belongs to its traceparent and is not read without it (section 3.3).
  if (headers_.has(kTracestateNumber)) {
    const std::string_view text = headers_.value(kTracestateNumber);
    trace.options.tracestate =
        is_plain_tracestate(text) ? text : read_tracestate(text, texts_.emplace_front());
  }
  return true;
}

bool TraceReader::read_trace_id_headers(RemoteTrace& trace) const {
  const std::size_t end = kFirstTraceIdHeaderNumber + plan_.options.trace_id_headers.size();
  for (std::size_t header = kFirstTraceIdHeaderNumber; header < end; ++header) {
    const auto named = read_x_trace_id(single(header, &RejectionCounts::x_trace_id_malformed));
    if (!named) continue;
    trace.options.trace_id = named->trace_id;
    trace.options.name = named->trace_name;
    return true;
  }
  return false;
}

bool TraceReader::read_b3(RemoteTrace& trace) const {
  const std::string_view text = single(kB3Number, &RejectionCounts::b3_malformed);
  return fill(trace, parse_b3(text), !text.empty(), &RejectionCounts::b3_malformed);
}

bool TraceReader::read_b3_multi(RemoteTrace& trace) const {
  bool any = false;
  for (std::size_t header = kB3TraceIdNumber; header <= kB3FlagsNumber; ++header) {
    any = any || !headers_.value(header).empty();
    if (!headers_.is_repeated(header)) continue;
    count_rejection(&RejectionCounts::b3_malformed);
    return false;
  }
  const B3Headers b3{.trace_id = headers_.value(kB3TraceIdNumber),
                     .span_id = headers_.value(kB3SpanIdNumber),
                     .parent_span_id = headers_.value(kB3ParentSpanIdNumber),
                     .sampled = headers_.value(kB3SampledNumber),
                     .flags = headers_.value(kB3FlagsNumber)};
  return fill(trace, parse_b3_multi(b3), any, &RejectionCounts::b3_malformed);
}

bool TraceReader::read_jaeger(RemoteTrace& trace) const {
  const std::string_view text = single(kUberTraceIdNumber, &RejectionCounts::jaeger_malformed);
  return fill(trace, parse_uber_trace_id(text), !text.empty(), &RejectionCounts::jaeger_malformed);
}

bool TraceReader::read_xray(RemoteTrace& trace) const {
  const std::string_view text = single(kXRayNumber, &RejectionCounts::xray_malformed);
  const auto parsed = parse_xray(text);
  const auto span = parsed ? std::optional(parsed->span) : std::nullopt;
  if (parsed) trace.lineage = parsed->lineage;
  return fill(trace, span, !text.empty(), &RejectionCounts::xray_malformed);
}

bool TraceReader::read_cloud_trace(RemoteTrace& trace) const {
  const std::string_view text = single(kCloudTraceNumber, &RejectionCounts::cloud_trace_malformed);
  return fill(trace, parse_cloud_trace(text), !text.empty(),
              &RejectionCounts::cloud_trace_malformed);
}

bool TraceReader::read_datadog(RemoteTrace& trace) {
  for (std::size_t header = kDatadogTraceIdNumber; header <= kDatadogOriginNumber; ++header) {
    if (!headers_.is_repeated(header)) continue;
    count_rejection(&RejectionCounts::datadog_malformed);
    return false;
  }
  const DatadogHeaders datadog{.trace_id = headers_.value(kDatadogTraceIdNumber),
                               .parent_id = headers_.value(kDatadogParentIdNumber),
                               .sampling_priority = headers_.value(kDatadogPriorityNumber),
                               .tags = headers_.value(kDatadogTagsNumber),
                               .origin = headers_.value(kDatadogOriginNumber)};
  if (!fill(trace, parse_datadog(datadog), !datadog.trace_id.empty(),
            &RejectionCounts::datadog_malformed)) {
    return false;
  }
  if (!datadog.tags.empty() || !datadog.origin.empty()) {
    const std::string member = datadog_tracestate(datadog);
    if (!member.empty()) trace.options.tracestate = texts_.emplace_front("dd=" + member);
  }
  return true;
}

}  // namespace waybill::internal
