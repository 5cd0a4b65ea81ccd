#include <vector>

#include <waybill/propagation/b3.h>
#include <waybill/propagation/baggage.h>
#include <waybill/propagation/cloud_trace.h>
#include <waybill/propagation/datadog.h>
#include <waybill/propagation/internal/baggage_text.h>
#include <waybill/propagation/internal/carried_baggage.h>
#include <waybill/propagation/internal/context_writer.h>
#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/jaeger.h>
#include <waybill/propagation/traceparent.h>
#include <waybill/propagation/tracestate.h>
#include <waybill/propagation/x_trace_id.h>
#include <waybill/propagation/xray.h>

namespace waybill::internal {
namespace {

std::string_view text_between(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

void ContextWriter::put(std::string_view header, std::string_view value) {
  if (value.empty()) {
    carrier_.remove(header);
  } else {
    carrier_.set(header, value);
  }
}

void ContextWriter::write(bool trusted) {
  trusted_ = trusted;
  const FormatList& formats = plan_.options.formats;
  for (const Format format : formats) write(format);
  // Headers that are passed on may have somebody's baggage, whatever is spoken here.
  if (!trusted && !formats.empty()) carrier_.remove(kBaggageHeader);
}

void ContextWriter::write(Format format) {
  if (format == Format::kBaggage) return write_baggage();
  const bool decision_is_enough = format == Format::kB3 || format == Format::kB3Multi;
  const bool decided = context_.sampling() != Sampling::kUndecided;
  if (!context_.has_trace() && !(decision_is_enough && decided)) return;
  switch (format) {
    case Format::kTraceContext:
      return write_trace_context();
    case Format::kTraceIdHeader:
      return write_trace_id_headers();
    case Format::kB3:
      return write_b3();
    case Format::kB3Multi:
      return write_b3_multi();
    case Format::kJaeger:
      return write_jaeger();
    case Format::kXRay:
      return write_xray();
    case Format::kCloudTrace:
      return write_cloud_trace();
    case Format::kDatadog:
      return write_datadog();
    case Format::kBaggage:
      return;
  }
}

void ContextWriter::write_response() {
  if (plan_.options.formats.contains(Format::kTraceContext)) {
    char buffer[kTraceparentSize];
    put(kTraceresponseHeader, text_between(buffer, write_traceresponse(context_, buffer)));
  }
  if (context_.has_trace()) write_trace_id_headers();
}

void ContextWriter::write_trace_context() {
  char buffer[kTraceparentSize];
  const std::string_view traceparent = text_between(buffer, write_traceparent(context_, buffer));
  put(kTraceparentHeader, traceparent);
  const std::string_view tracestate = context_.tracestate();
  const bool is_valid = !traceparent.empty() && is_header_text(tracestate);
  put(kTracestateHeader, is_valid ? tracestate : std::string_view{});
}

void ContextWriter::write_trace_id_headers() {
  char buffer[kMaxXTraceIdSize];
  const std::string_view text =
      text_between(buffer, write_x_trace_id(context_, plan_.options.spelling, buffer));
  for (const std::string& header : plan_.options.trace_id_headers) put(header, text);
}

void ContextWriter::write_baggage() {
  if (!trusted_) return;
  std::string storage;
  put(kBaggageHeader, baggage_to_carry(plan_, context_, storage));
}

void ContextWriter::write_b3() {
  char buffer[kMaxB3Size];
  put(kB3Header, text_between(buffer, ::waybill::write_b3(context_, buffer)));
}

void ContextWriter::write_b3_multi() {
  B3Buffer buffer;
  const B3Headers b3 = ::waybill::write_b3_multi(context_, buffer);
  put(kB3TraceIdHeader, b3.trace_id);
  put(kB3SpanIdHeader, b3.span_id);
  put(kB3ParentSpanIdHeader, b3.parent_span_id);
  put(kB3SampledHeader, b3.sampled);
  put(kB3FlagsHeader, b3.flags);
}

void ContextWriter::write_jaeger() {
  char buffer[kUberTraceIdSize];
  put(kUberTraceIdHeader, text_between(buffer, write_uber_trace_id(context_, buffer)));
  carrier_.remove(kJaegerBaggageHeader);
  remove_uber_contexts();
  if (!trusted_) return;
  std::string storage;
  std::string decoded;
  std::string name;
  std::string text;
  for (std::string_view rest = baggage_to_carry(plan_, context_, storage); !rest.empty();) {
    const BaggageItem member = split_baggage_member(take_baggage_member(rest));
    const std::string_view value = decode_baggage_value(member.value, decoded);
    if (spell_uber_context(member.key, value, name, text)) carrier_.set(name, text);
  }
}

void ContextWriter::remove_uber_contexts() {
  static const HeaderTable* const table = [] {
    auto* prefix_alone = new HeaderTable;
    prefix_alone->set_prefix(kUberContextPrefix);
    return prefix_alone;
  }();
  HeaderLookup lookup(*table);
  if (!carrier_.offer_all(lookup)) return;
  std::vector<std::string> names;
  for (const HeaderLookup::Prefixed& header : lookup.prefixed()) {
    names.push_back(std::string(kUberContextPrefix) + std::string(header.key));
  }
  for (const std::string& name : names) carrier_.remove(name);
}

void ContextWriter::write_xray() {
  char buffer[kXRaySize];
  const std::string_view text = text_between(buffer, ::waybill::write_xray(context_, buffer));
  const auto lineage = trusted_ ? get_baggage(context_, kLineageKey) : std::nullopt;
  if (text.empty() || !lineage) return put(kXRayHeader, text);
  std::string with_lineage(text);
  append_xray_lineage(*lineage, with_lineage);
  put(kXRayHeader, with_lineage);
}

void ContextWriter::write_cloud_trace() {
  char buffer[kMaxCloudTraceSize];
  put(kCloudTraceHeader, text_between(buffer, ::waybill::write_cloud_trace(context_, buffer)));
}

void ContextWriter::write_datadog() {
  DatadogBuffer buffer;
  const DatadogHeaders datadog = ::waybill::write_datadog(context_, buffer);
  put(kDatadogTraceIdHeader, datadog.trace_id);
  put(kDatadogParentIdHeader, datadog.parent_id);
  put(kDatadogSamplingPriorityHeader, datadog.sampling_priority);
  put(kDatadogTagsHeader, datadog.tags);
  put(kDatadogOriginHeader, datadog.origin);
}

}  // namespace waybill::internal
