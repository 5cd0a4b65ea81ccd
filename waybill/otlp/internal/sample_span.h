// A span for tests of encoders, which owns what an EndedSpan refers to.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <protozero/pbf_writer.hpp>

#include <waybill/trace/ended_span.h>
#include <waybill/trace/wire.h>

namespace waybill::test {

// 2026-11-20T23:58:01.000042Z
inline constexpr std::chrono::system_clock::time_point kStart{std::chrono::seconds(1795219081) +
                                                              std::chrono::microseconds(42)};

inline TraceId trace_id() {
  return *TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736");
}
inline SpanId span_id() {
  return *SpanId::from_hex("00f067aa0ba902b7");
}
inline SpanId parent_id() {
  return *SpanId::from_hex("b7ad6b7169203331");
}

struct SampleSpan {
  std::string name = "operation";
  SpanId parent = {};
  TraceFlags flags{TraceFlags::kSampled};
  bool has_remote_parent = false;
  SpanKind kind = SpanKind::kInternal;
  SpanStatus status = SpanStatus::kUnset;
  std::chrono::nanoseconds duration{1'500};
  std::string trace_name = {};
  std::string tracestate = {};
  std::vector<Field> fields = {};
  std::string encoded = {};
  Resource resource = {.service_name = "fetcher"};
  InstrumentationScope scope = {.name = "lib", .version = "1.2"};

  EndedSpan ended() const {
    return {.trace_id = trace_id(),
            .span_id = span_id(),
            .parent_span_id = parent,
            .flags = flags,
            .has_remote_parent = has_remote_parent,
            .kind = kind,
            .status = status,
            .name = name,
            .start = kStart,
            .end = kStart + duration,
            .trace_name = trace_name,
            .tracestate = tracestate,
            .context_fields = Fields(fields.data(), fields.size()),
            .encoded = encoded,
            .resource = resource,
            .scope = scope};
  }

  SampleSpan& attribute(std::string_view key, const AttributeValue& value) {
    append_attribute(encoded, detail::field::span::kAttributes, key, value);
    return *this;
  }

  SampleSpan& event(std::string_view event_name, const std::vector<Attribute>& attributes = {}) {
    namespace field = detail::field::event;
    std::string message;
    protozero::pbf_writer writer(message);
    writer.add_fixed64(field::kTime, 1'795'219'081'000'043'500);
    writer.add_string(field::kName, event_name.data(), event_name.size());
    for (const Attribute& it : attributes) {
      append_attribute(message, field::kAttributes, it.key, it.value);
    }
    protozero::pbf_writer(encoded).add_message(detail::field::span::kEvents, message);
    return *this;
  }

  SampleSpan& link(std::string_view state, const std::vector<Attribute>& attributes = {}) {
    namespace field = detail::field::link;
    std::string message;
    protozero::pbf_writer writer(message);
    writer.add_bytes(field::kTraceId, reinterpret_cast<const char*>(trace_id().bytes()), 16);
    writer.add_bytes(field::kSpanId, reinterpret_cast<const char*>(parent_id().bytes()), 8);
    writer.add_string(field::kTracestate, state.data(), state.size());
    for (const Attribute& it : attributes) {
      append_attribute(message, field::kAttributes, it.key, it.value);
    }
    writer.add_fixed32(field::kFlags, 0x301);
    protozero::pbf_writer(encoded).add_message(detail::field::span::kLinks, message);
    return *this;
  }

  SampleSpan& ends_with(SpanStatus how, std::string_view message) {
    status = how;
    protozero::pbf_writer writer(encoded);
    protozero::pbf_writer inner(writer, detail::field::span::kStatus);
    inner.add_string(detail::field::status::kMessage, message.data(), message.size());
    inner.add_enum(detail::field::status::kCode, static_cast<std::int32_t>(how));
    return *this;
  }

  SampleSpan& dropped(std::uint32_t number, std::uint32_t count) {
    protozero::pbf_writer(encoded).add_uint32(number, count);
    return *this;
  }

 private:
  static void append_attribute(std::string& out, std::uint32_t number, std::string_view key,
                               const AttributeValue& value) {
    constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();
    const detail::AttributeSize size = detail::attribute_size(key, value, kWhole);
    const std::size_t before = out.size();
    out.resize(before + size.field);
    detail::put_attribute(out.data() + before, number, key, value, size, kWhole);
  }
};

}  // namespace waybill::test
