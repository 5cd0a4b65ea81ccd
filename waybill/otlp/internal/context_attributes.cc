#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include <protozero/pbf_reader.hpp>

#include <waybill/otlp/internal/append_attribute.h>
#include <waybill/otlp/internal/context_attributes.h>
#include <waybill/trace/wire.h>

namespace waybill::internal {
namespace {

namespace field = detail::field;
using protozero::pbf_wire_type;

std::uint64_t bit_of(std::string_view key) noexcept {
  if (key.empty()) return 0;
  const auto last = static_cast<unsigned char>(key.back());
  return std::uint64_t{1} << ((key.size() * 7 + last) % 64);
}

constexpr char tag_of(std::uint32_t number) noexcept {
  return static_cast<char>(number << 3 | static_cast<std::uint32_t>(detail::WireType::kBytes));
}

// Calls visit(key) for each of a span's own attributes.
template <class Visit>
void for_each_key(std::string_view encoded, Visit&& visit) {
  // Attributes mostly come first and are short: no size is larger than a byte.
  const char* p = encoded.data();
  const char* const end = p + encoded.size();
  while (end - p >= 4 && p[0] == tag_of(field::span::kAttributes) &&
         p[2] == tag_of(field::key_value::kKey)) {
    const auto size = static_cast<unsigned char>(p[1]);
    const auto key_size = static_cast<unsigned char>(p[3]);
    if (size >= 0x80 || size > end - p - 2 || key_size >= 0x80 || key_size + 2 > size) break;
    visit(std::string_view(p + 4, key_size));
    p += 2 + size;
  }
  protozero::pbf_reader span(p, static_cast<std::size_t>(end - p));
  while (span.next(field::span::kAttributes, pbf_wire_type::length_delimited)) {
    protozero::pbf_reader attribute = span.get_message();
    if (!attribute.next(field::key_value::kKey, pbf_wire_type::length_delimited)) continue;
    const protozero::data_view key = attribute.get_view();
    visit(std::string_view(key.data(), key.size()));
  }
}

std::size_t text_size(const Field& field) noexcept {
  const bool is_text = field.value.type() == FieldValue::Type::kString;
  return field.key.size() + (is_text ? field.value.as_string().size() : 0);
}

}  // namespace

std::string_view ContextAttributes::of_context(const EndedSpan& span) {
  if (!is_kept(span)) keep(span);
  return overlaps(span.encoded) ? not_overlapping() : all_.view();
}

bool ContextAttributes::is_kept(const EndedSpan& span) const noexcept {
  const Fields& fields = span.context_fields;
  const Entry* entry = entries_.data();
  const std::size_t named = span.trace_name.empty() ? 0 : 1;
  if (entries_.size() != named + fields.size()) return false;
  if (named != 0 && (entry++)->field != Field{kTraceName, span.trace_name}) return false;
  return std::all_of(fields.begin(), fields.end(),
                     [&](const Field& field) { return (entry++)->field == field; });
}

void ContextAttributes::keep(const EndedSpan& span) {
  const Fields& fields = span.context_fields;
  const Field name{kTraceName, span.trace_name};
  const bool has_name = !span.trace_name.empty();
  all_.clear();
  keys_ = 0;
  texts_.clear();
  entries_.clear();  // nothing is kept while there is not all of it
  std::size_t texts = text_size(name);
  for (const Field& field : fields) texts += text_size(field);
  texts_.reserve(texts);
  entries_.reserve(fields.size() + 1);
  if (has_name) add(name);
  for (const Field& field : fields) {
    // Of two that are called the same, the trace's own name counts.
    add(field, has_name && field.key == kTraceName);
  }
}

void ContextAttributes::add(const Field& field, bool leave_out) {
  const auto kept = [this](std::string_view text) {
    texts_ += text;
    return std::string_view(texts_).substr(texts_.size() - text.size());
  };
  if (!leave_out &&
      !append_attribute(all_, detail::field::span::kAttributes, field.key, field.value)) {
    throw std::bad_alloc();
  }
  Field copy{kept(field.key), field.value};
  if (field.value.type() == FieldValue::Type::kString) copy.value = kept(field.value.as_string());
  entries_.push_back({copy, all_.size(), false});
  keys_ |= bit_of(field.key);
}

bool ContextAttributes::overlaps(std::string_view encoded) {
  bool any = false;
  for_each_key(encoded, [&](std::string_view key) {
    if ((bit_of(key) & keys_) == 0) return;
    for (Entry& entry : entries_) {
      if (entry.field.key != key) continue;
      entry.overlaps = any = true;
    }
  });
  return any;
}

std::string_view ContextAttributes::not_overlapping() {
  some_.clear();
  char* at = some_.room(all_.size());
  if (at == nullptr) throw std::bad_alloc();
  std::size_t begin = 0;
  for (Entry& entry : entries_) {
    if (!std::exchange(entry.overlaps, false)) {
      std::memcpy(at, all_.data() + begin, entry.end - begin);
      at += entry.end - begin;
    }
    begin = entry.end;
  }
  some_.set_end(at);
  return some_.view();
}

}  // namespace waybill::internal
