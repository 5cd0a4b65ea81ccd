#include <algorithm>

#include <waybill/trace/ended_span.h>
#include <waybill/trace/internal/encoded_fields.h>
#include <waybill/trace/wire.h>

namespace waybill {
namespace {

using internal::EncodedField;
using internal::next_encoded;

template <class Id>
Id id_of(std::string_view bytes) noexcept {
  std::uint8_t copy[Id::kSize] = {};
  if (bytes.size() == Id::kSize) std::memcpy(copy, bytes.data(), Id::kSize);
  return Id(copy);
}

std::chrono::system_clock::time_point time_of(std::uint64_t nanoseconds) noexcept {
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(
          std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds))));
}

SpanEvent decode_event(std::string_view fields) {
  using namespace detail::field::event;
  SpanEvent event;
  while (const auto field = next_encoded(fields)) {
    switch (field->number) {
      case kTime:
        event.time = time_of(field->value);
        break;
      case kName:
        event.name = field->bytes;
        break;
      case kAttributes:
        event.attributes.push_back(internal::decode_attribute(field->bytes));
        break;
      case kDroppedAttributes:
        event.dropped_attributes = static_cast<std::uint32_t>(field->value);
        break;
    }
  }
  return event;
}

SpanLink decode_link(std::string_view fields) {
  using namespace detail::field::link;
  SpanLink link;
  while (const auto field = next_encoded(fields)) {
    switch (field->number) {
      case kTraceId:
        link.trace_id = id_of<TraceId>(field->bytes);
        break;
      case kSpanId:
        link.span_id = id_of<SpanId>(field->bytes);
        break;
      case kTracestate:
        link.tracestate = field->bytes;
        break;
      case kAttributes:
        link.attributes.push_back(internal::decode_attribute(field->bytes));
        break;
      case kDroppedAttributes:
        link.dropped_attributes = static_cast<std::uint32_t>(field->value);
        break;
      case kFlags:
        link.flags = TraceFlags(static_cast<std::uint8_t>(field->value));
        break;
    }
  }
  return link;
}

void decode_field(const EncodedField& field, SpanData& data) {
  using namespace detail::field::span;
  switch (field.number) {
    case kAttributes:
      data.attributes.push_back(internal::decode_attribute(field.bytes));
      break;
    case kDroppedAttributes:
      data.dropped_attributes = static_cast<std::uint32_t>(field.value);
      break;
    case kEvents:
      data.events.push_back(decode_event(field.bytes));
      break;
    case kDroppedEvents:
      data.dropped_events = static_cast<std::uint32_t>(field.value);
      break;
    case kLinks:
      data.links.push_back(decode_link(field.bytes));
      break;
    case kDroppedLinks:
      data.dropped_links = static_cast<std::uint32_t>(field.value);
      break;
    case kStatus:
      if (const auto message =
              internal::find_encoded(field.bytes, detail::field::status::kMessage)) {
        data.status_message = message->bytes;
      }
      break;
  }
}

}  // namespace

const OwnedAttributeValue* SpanData::find(std::string_view key) const noexcept {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const OwnedAttribute& it) { return it.key == key; });
  return found != attributes.end() ? &found->value : nullptr;
}

SpanData to_span_data(const EndedSpan& span) {
  SpanData data{
      .trace_id = span.trace_id,
      .span_id = span.span_id,
      .parent_span_id = span.parent_span_id,
      .flags = span.flags,
      .has_remote_parent = span.has_remote_parent,
      .is_local_root = span.is_local_root,
      .kind = span.kind,
      .status = span.status,
      .status_message = {},
      .name = std::string(span.name),
      .start = span.start,
      .end = span.end,
      .trace_name = std::string(span.trace_name),
      .tracestate = std::string(span.tracestate),
      .attributes = {},
      .events = {},
      .links = {},
      .resource = span.resource,
      .scope = span.scope,
  };
  for (const Field& field : span.context_fields) {
    if (internal::find_encoded_attribute(span.encoded, field.key)) continue;
    data.attributes.push_back({std::string(field.key), to_owned(field.value)});
  }
  std::string_view rest = span.encoded;
  while (const auto field = next_encoded(rest)) decode_field(*field, data);
  return data;
}

std::optional<AttributeValue> find_attribute(const EndedSpan& span, std::string_view key) noexcept {
  const auto field = internal::find_encoded_attribute(span.encoded, key);
  if (!field) return std::nullopt;
  return internal::decode_value(internal::encoded_value(field->bytes));
}

}  // namespace waybill
