// What a span is given while it is under way: attributes, events, links, a status.
#include <algorithm>
#include <cstring>
#include <new>

#include <waybill/pipeline/clock.h>
#include <waybill/trace/internal/active_span.h>
#include <waybill/trace/internal/cut_text.h>
#include <waybill/trace/internal/encoded_fields.h>
#include <waybill/trace/span.h>
#include <waybill/trace/wire.h>

namespace waybill {
namespace internal {
namespace {

using detail::ActiveSpan;
using detail::AttributeSize;

bool has_key(Attributes attributes, std::string_view key) noexcept {
  return std::any_of(attributes.begin(), attributes.end(),
                     [key](const Attribute& attribute) { return attribute.key == key; });
}

const AttributeValue& last_value(Attributes attributes, std::string_view key) noexcept {
  std::size_t i = attributes.size() - 1;
  while (attributes[i].key != key) --i;
  return attributes[i].value;
}

// Attributes of an event or a link. As in a span, each key is there once, with its last value.
class Contained {
 public:
  Contained(Attributes attributes, std::uint32_t most, std::size_t longest) noexcept
      : attributes_(attributes), most_(most), longest_(longest) {
    repeats_ = attributes.size() > most;  // or so it may
    for (std::size_t i = 1; i < attributes.size() && !repeats_; ++i) {
      repeats_ = has_key(attributes.first(i), attributes[i].key);
    }
    dropped_ = for_each([this](std::string_view key, const AttributeValue& value) {
      size_ += detail::attribute_size(key, value, longest_).field;
    });
    if (dropped_ != 0) size_ += 1 + detail::varint_size(dropped_);
  }

  std::size_t size() const noexcept { return size_; }  // encoded

  char* put(char* out, std::uint32_t attribute_field, std::uint32_t dropped_field) const noexcept {
    for_each([&](std::string_view key, const AttributeValue& value) {
      const AttributeSize size = detail::attribute_size(key, value, longest_);
      out = detail::put_attribute(out, attribute_field, key, value, size, longest_);
    });
    if (dropped_ != 0) out = detail::put_number(out, dropped_field, dropped_);
    return out;
  }

 private:
  // Calls visit(key, value) for those that there is room for. How many there is not.
  template <class Visit>
  std::uint32_t for_each(Visit&& visit) const noexcept {
    if (!repeats_) {
      for (const auto& [key, value] : attributes_) visit(key, value);
      return 0;
    }
    std::uint32_t visited = 0;
    std::uint32_t dropped = 0;
    Attributes before;  // among them are those visited
    for (std::size_t i = 0; i < attributes_.size(); ++i) {
      const std::string_view key = attributes_[i].key;
      if (has_key(before, key)) continue;
      if (visited == most_) {
        ++dropped;
        continue;
      }
      visit(key, last_value(attributes_, key));
      ++visited;
      before = attributes_.first(i + 1);
    }
    return dropped;
  }

  const Attributes attributes_;
  const std::uint32_t most_;
  const std::size_t longest_;
  bool repeats_ = false;
  std::uint32_t dropped_ = 0;
  std::size_t size_ = 0;
};

}  // namespace

char* make_room_slowly(ActiveSpan& span, std::size_t size, std::size_t beyond) noexcept {
  const std::size_t used = span.facts.following;
  const std::size_t limit =
      std::max<std::size_t>(span.limits->bytes, ActiveSpan::kBlock - ActiveSpan::kFixed) + beyond;
  if (size > limit || used + size > limit) return nullptr;
  const std::size_t capacity =
      std::min(limit, std::max(used + size, std::size_t{span.capacity} * 2));
  auto* larger = static_cast<char*>(::operator new(capacity, std::nothrow));
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, span.bytes, used);
  if (span.bytes != span.inline_bytes()) ::operator delete(span.bytes);
  span.bytes = larger;
  span.capacity = static_cast<std::uint32_t>(capacity);
  return larger + used;
}

void append_attribute(ActiveSpan& span, std::string_view key,
                      const AttributeValue& value) noexcept {
  const SpanLimits& limits = *span.limits;
  if (span.attributes >= limits.attributes || key.empty()) [[unlikely]] {
    ++span.dropped_attributes;
    return;
  }
  constexpr std::uint32_t kField = detail::field::span::kAttributes;
  char* out = make_room(span, detail::kShortAttribute);
  char* end = nullptr;
  if (out != nullptr && limits.attribute_value_length >= detail::kShortAttribute) [[likely]] {
    end = detail::put_short_attribute(out, kField, key, value);
  }
  if (end == nullptr) [[unlikely]] {
    const AttributeSize size = detail::attribute_size(key, value, limits.attribute_value_length);
    out = make_room(span, size.field);
    if (out == nullptr) {
      ++span.dropped_attributes;
      return;
    }
    end = detail::put_attribute(out, kField, key, value, size, limits.attribute_value_length);
  }
  ++span.attributes;
  add_following(span, end);
}

void append_link(ActiveSpan& span, const Link& link) noexcept {
  using namespace detail::field::link;
  const SpanLimits& limits = *span.limits;
  const Contained what(link.attributes, limits.attributes_per_link, limits.attribute_value_length);
  std::size_t size = detail::bytes_field_size(TraceId::kSize) +
                     detail::bytes_field_size(SpanId::kSize) + 5 + what.size();
  if (!link.tracestate.empty()) size += detail::bytes_field_size(link.tracestate.size());
  char* out = span.links < limits.links ? make_room(span, detail::bytes_field_size(size)) : nullptr;
  if (out == nullptr) {
    ++span.dropped_links;
    return;
  }
  const auto bytes = [](const auto& id) {
    return std::string_view(reinterpret_cast<const char*>(id.bytes()), id.kSize);
  };
  out = detail::put_tag(out, detail::field::span::kLinks, detail::WireType::kBytes);
  out = detail::put_varint(out, size);
  out = detail::put_bytes(out, kTraceId, bytes(link.trace_id));
  out = detail::put_bytes(out, kSpanId, bytes(link.span_id));
  if (!link.tracestate.empty()) out = detail::put_bytes(out, kTracestate, link.tracestate);
  out = what.put(out, kAttributes, kDroppedAttributes);
  out = detail::put_fixed32(out, kFlags, link.flags.byte());
  ++span.links;
  add_following(span, out);
}

void append_event(ActiveSpan& span, std::string_view name, std::uint64_t time, bool in_ticks,
                  Attributes attributes) noexcept {
  using namespace detail::field::event;
  const SpanLimits& limits = *span.limits;
  const Contained what(attributes, limits.attributes_per_event, limits.attribute_value_length);
  const std::size_t size = 9 + detail::bytes_field_size(name.size()) + what.size();
  char* out =
      span.events < limits.events ? make_room(span, detail::bytes_field_size(size)) : nullptr;
  if (out == nullptr) {
    ++span.dropped_events;
    return;
  }
  out = detail::put_tag(out, detail::field::span::kEvents, detail::WireType::kBytes);
  out = detail::put_varint(out, size);
  out = detail::put_fixed64(out, in_ticks ? kTicks : kTime, time);
  out = detail::put_bytes(out, kName, name);
  out = what.put(out, kAttributes, kDroppedAttributes);
  if (in_ticks) span.facts.bits |= span_bit::kHasEvents;
  ++span.events;
  add_following(span, out);
}

// Whatever has been used up of the span's bytes: what was left out, and a failure, are told.
void append_summary(ActiveSpan& span) noexcept {
  using namespace detail::field::span;
  constexpr std::size_t kBeyond = 3 * 6 + 4;
  const auto put = [&span](std::uint32_t number, std::uint32_t count) {
    if (count == 0) return;
    if (char* out = make_room(span, 6, kBeyond)) {
      add_following(span, detail::put_number(out, number, count));
    }
  };
  put(kDroppedAttributes, span.dropped_attributes);
  put(kDroppedEvents, span.dropped_events);
  put(kDroppedLinks, span.dropped_links);
  if (span.facts.status == SpanStatus::kUnset) return;
  if (find_encoded(span.encoded(), kStatus)) return;  // with its message
  if (char* out = make_room(span, 4, kBeyond)) {
    out = detail::put_varint(detail::put_tag(out, kStatus, detail::WireType::kBytes), 2);
    out = detail::put_number(out, detail::field::status::kCode,
                             static_cast<std::uint64_t>(span.facts.status));
    add_following(span, out);
  }
}

}  // namespace internal

namespace {

using detail::ActiveSpan;
using internal::EncodedField;

// Takes a field out of what the span carries.
void erase(ActiveSpan& span, const EncodedField& field) noexcept {
  char* begin = span.bytes + (field.whole.data() - span.bytes);
  const char* end = begin + field.whole.size();
  const char* all_end = span.bytes + span.facts.following;
  std::memmove(begin, end, static_cast<std::size_t>(all_end - end));
  span.facts.following -= static_cast<std::uint32_t>(field.whole.size());
}

}  // namespace

void Span::set_now(std::string_view key, const AttributeValue& value) noexcept {
  ActiveSpan& span = *active_;
  if (span.attributes != 0) {
    if (const auto before = internal::find_encoded_attribute(span.encoded(), key)) {
      erase(span, *before);
      --span.attributes;
    }
  }
  internal::append_attribute(span, key, value);
}

Span& Span::set_name(std::string_view name) noexcept {
  if (active_ == nullptr) return *this;
  ActiveSpan& span = *active_;
  internal::SpanFacts& facts = span.facts;
  if (internal::make_room(span, name.size()) == nullptr) return *this;
  const std::string_view encoded = span.encoded();
  std::memmove(span.bytes + name.size(), encoded.data(), encoded.size());
  detail::copy_text(span.bytes, name);
  facts.following = static_cast<std::uint32_t>(name.size() + encoded.size());
  facts.name = nullptr;
  facts.name_size = static_cast<std::uint32_t>(name.size());
  facts.bits |= internal::span_bit::kNameFollows;
  return *this;
}

Span& Span::add_event(std::string_view name, std::initializer_list<Attribute> attributes) noexcept {
  if (active_ == nullptr) return *this;
  internal::append_event(*active_, name, detail::ticks(), true,
                         {attributes.begin(), attributes.size()});
  return *this;
}

Span& Span::add_event(std::string_view name, std::chrono::system_clock::time_point time,
                      Attributes attributes) noexcept {
  if (active_ == nullptr) return *this;
  internal::append_event(*active_, name, detail::unix_nanoseconds(time), false, attributes);
  return *this;
}

Span& Span::add_link(const Link& link) noexcept {
  if (active_ != nullptr) internal::append_link(*active_, link);
  return *this;
}

Span& Span::set_status(SpanStatus status, std::string_view message) noexcept {
  constexpr std::uint32_t kField = detail::field::span::kStatus;
  if (active_ == nullptr || active_->facts.status == SpanStatus::kOk) return *this;
  ActiveSpan& span = *active_;
  if (const auto before = internal::find_encoded(span.encoded(), kField)) {
    erase(span, *before);
  }
  span.facts.status = status;
  if (status != SpanStatus::kError || message.empty()) return *this;
  message = internal::cut_characters(message, span.limits->attribute_value_length);
  const std::size_t size = detail::bytes_field_size(message.size()) + 2;
  if (char* out = internal::make_room(span, detail::bytes_field_size(size))) {
    out = detail::put_varint(detail::put_tag(out, kField, detail::WireType::kBytes), size);
    out = detail::put_bytes(out, detail::field::status::kMessage, message);
    out = detail::put_number(out, detail::field::status::kCode, static_cast<std::uint64_t>(status));
    internal::add_following(span, out);
  }
  return *this;
}

}  // namespace waybill
