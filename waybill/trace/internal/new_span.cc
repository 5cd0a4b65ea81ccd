#include <algorithm>
#include <chrono>

#include <waybill/core/copy_text.h>
#include <waybill/trace/internal/cut_text.h>
#include <waybill/trace/internal/new_span.h>
#include <waybill/trace/wire.h>

namespace waybill::internal {

using detail::ActiveSpan;

namespace {

bool has_key(Attributes attributes, std::string_view key) noexcept {
  return std::any_of(attributes.begin(), attributes.end(),
                     [key](const Attribute& attribute) { return attribute.key == key; });
}

void put_any_attributes(ActiveSpan& span, Attributes attributes) noexcept {
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    // The last one of a key counts.
    if (has_key(attributes.subspan(i + 1), attributes[i].key)) continue;
    append_attribute(span, attributes[i].key, attributes[i].value);
  }
}

}  // namespace

// What most are: short ones, with different keys. Those of different sizes differ.
void put_attributes(ActiveSpan& span, Attributes attributes) noexcept {
  const SpanLimits& limits = *span.limits;
  char* out = span.bytes + span.facts.following;
  const char* const end = span.bytes + span.capacity;
  std::uint64_t sizes = 1;  // of keys, seen; none may be empty
  bool common = attributes.size() <= limits.attributes &&
                limits.attribute_value_length >= detail::kShortAttribute;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const Attribute& attribute = attributes[i];
    const std::uint64_t size = std::uint64_t{1} << (attribute.key.size() & 63);
    common = common && end - out >= static_cast<std::ptrdiff_t>(detail::kShortAttribute) &&
             ((sizes & size) == 0 ||
              (!attribute.key.empty() && !has_key(attributes.first(i), attribute.key)));
    sizes |= size;
    char* next = common ? detail::put_short_attribute(out, detail::field::span::kAttributes,
                                                      attribute.key, attribute.value)
                        : nullptr;
    if (next == nullptr) [[unlikely]]
      return put_any_attributes(span, attributes);
    out = next;
  }
  span.attributes = static_cast<std::uint32_t>(attributes.size());
  add_following(span, out);
}

void copy_name(ActiveSpan& span, std::string_view name) noexcept {
  char* out = make_room(span, name.size());
  if (out == nullptr) {  // longer than all of a span may be: its beginning
    name = cut_text(name, span.capacity - span.facts.following);
    out = span.bytes + span.facts.following;
  }
  span.facts.name = nullptr;
  span.facts.name_size = static_cast<std::uint32_t>(name.size());
  span.facts.bits |= span_bit::kNameFollows;
  detail::copy_text(out, name);
  add_following(span, out + name.size());
}

void put_options(ActiveSpan& span, const SpanOptions& options) noexcept {
  span.facts.kind = options.kind;
  for (const Link& link : options.links) append_link(span, link);
  if (options.start_time) {
    span.facts.start = detail::unix_nanoseconds(*options.start_time);
    span.facts.bits |= span_bit::kStartGiven;
  }
}

}  // namespace waybill::internal
