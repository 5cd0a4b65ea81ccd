// For tests: a span that owns what an EndedSpan refers to.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <waybill/trace/ended_span.h>

namespace waybill::internal {

struct SpanSample {
  TraceId trace_id = {};
  SpanId span_id = SpanId::random();
  SpanId parent_span_id = SpanId::random();
  TraceFlags flags = {};
  bool is_local_root = false;
  SpanStatus status = SpanStatus::kUnset;
  std::chrono::nanoseconds duration{1'000};
  std::string name = "work";
  std::string trace_name = {};
  std::string tracestate = {};
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string encoded = {};

  // Calls use(const EndedSpan&). What it refers to is gone after that.
  template <class Use>
  void as_ended(Use&& use) const {
    static const InstrumentationScope& scope = *new InstrumentationScope{"tests", "1"};
    static const Resource& resource = *new Resource{.service_name = "samples"};
    // Copies on the heap, so that a sanitizer sees whoever keeps a view.
    const SpanSample mine = *this;
    std::vector<Field> views;
    views.reserve(mine.fields.size());
    for (const auto& [key, value] : mine.fields) views.push_back({key, value});
    const std::chrono::system_clock::time_point start{std::chrono::hours(500'000)};
    use(EndedSpan{
        .trace_id = mine.trace_id,
        .span_id = mine.span_id,
        .parent_span_id = mine.parent_span_id,
        .flags = mine.flags,
        .has_remote_parent = mine.is_local_root,
        .is_local_root = mine.is_local_root,
        .kind = SpanKind::kServer,
        .status = mine.status,
        .name = mine.name,
        .start = start,
        .end = start + mine.duration,
        .trace_name = mine.trace_name,
        .tracestate = mine.tracestate,
        .context_fields = Fields(views.data(), views.size()),
        .encoded = mine.encoded,
        .resource = resource,
        .scope = scope,
    });
  }

  static SpanSample of(const EndedSpan& span) {
    SpanSample sample{
        .trace_id = span.trace_id,
        .span_id = span.span_id,
        .parent_span_id = span.parent_span_id,
        .flags = span.flags,
        .is_local_root = span.is_local_root,
        .status = span.status,
        .duration = span.duration(),
        .name = std::string(span.name),
        .trace_name = std::string(span.trace_name),
        .tracestate = std::string(span.tracestate),
        .encoded = std::string(span.encoded),
    };
    for (const Field& field : span.context_fields) {
      sample.fields.emplace_back(field.key, field.value.to_string());
    }
    return sample;
  }

  friend bool operator==(const SpanSample&, const SpanSample&) = default;
};

}  // namespace waybill::internal
