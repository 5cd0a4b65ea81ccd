// EndedSpan: a span that is over, as exporters see it. It refers to memory that is another span's a
// moment later: copy what is to be kept, or take all of it with to_span_data().
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/field.h>
#include <waybill/core/ids.h>
#include <waybill/pipeline/resource.h>
#include <waybill/trace/attribute.h>
#include <waybill/trace/span_kind.h>

namespace waybill {

// What made a span: OpenTelemetry's instrumentation scope.
struct InstrumentationScope {
  std::string name;
  std::string version;
};

// Negative where the end was given as before the start. What is beyond nanoseconds is the longest
// that there is of them.
constexpr std::chrono::nanoseconds duration_between(
    std::chrono::system_clock::time_point start,
    std::chrono::system_clock::time_point end) noexcept {
  using std::chrono::nanoseconds;
  const nanoseconds from = start.time_since_epoch();
  const nanoseconds to = end.time_since_epoch();
  if (from.count() < 0 && to > nanoseconds::max() + from) return nanoseconds::max();
  if (from.count() > 0 && to < nanoseconds::min() + from) return nanoseconds::min();
  return to - from;
}

struct EndedSpan {
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_span_id;  // invalid: the trace begins here
  TraceFlags flags;
  bool has_remote_parent = false;  // the parent is another process's
  bool is_local_root = false;      // no parent in this process
  SpanKind kind = SpanKind::kInternal;
  SpanStatus status = SpanStatus::kUnset;
  std::string_view name;
  std::chrono::system_clock::time_point start;  // nanoseconds
  std::chrono::system_clock::time_point end;

  std::string_view trace_name;  // empty: the trace is known by its id
  std::string_view tracestate;
  // Of the context that the span began in: job_id, account_id. To be exported as attributes, but
  // for those whose key is an attribute's of the span.
  Fields context_fields;

  // Attributes, events, links, the status's message and what limits have cost, in the wire form of
  // OTLP: the protobuf fields of message Span (opentelemetry/proto/trace/v1/trace.proto) with the
  // numbers 9 to 15. Texts are as the program gave them, and may not be UTF-8. Each attribute's key
  // is there once.
  std::string_view encoded;

  const Resource& resource;
  const InstrumentationScope& scope;

  std::chrono::nanoseconds duration() const noexcept { return duration_between(start, end); }
};

// All of a span, with memory of its own.
struct SpanEvent {
  std::string name;
  std::chrono::system_clock::time_point time;
  std::vector<OwnedAttribute> attributes;
  std::uint32_t dropped_attributes = 0;
};

struct SpanLink {
  TraceId trace_id;
  SpanId span_id;
  TraceFlags flags;
  std::string tracestate;
  std::vector<OwnedAttribute> attributes;
  std::uint32_t dropped_attributes = 0;
};

struct SpanData {
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_span_id;
  TraceFlags flags;
  bool has_remote_parent = false;
  bool is_local_root = false;
  SpanKind kind = SpanKind::kInternal;
  SpanStatus status = SpanStatus::kUnset;
  std::string status_message;
  std::string name;
  std::chrono::system_clock::time_point start;
  std::chrono::system_clock::time_point end;
  std::string trace_name;
  std::string tracestate;
  // Those of the context first, then the span's own.
  std::vector<OwnedAttribute> attributes;
  std::vector<SpanEvent> events;
  std::vector<SpanLink> links;
  // What was left out; see SpanLimits.
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;
  std::uint32_t dropped_links = 0;
  Resource resource;
  InstrumentationScope scope;

  std::chrono::nanoseconds duration() const noexcept { return duration_between(start, end); }
  // The value, or null.
  const OwnedAttributeValue* find(std::string_view key) const noexcept;
};

// Throws std::bad_alloc.
SpanData to_span_data(const EndedSpan& span);

// The attribute of the span's own with this key, without decoding the rest. A list is found, but
// its elements are not there: is_list() says so.
std::optional<AttributeValue> find_attribute(const EndedSpan& span, std::string_view key) noexcept;

}  // namespace waybill
