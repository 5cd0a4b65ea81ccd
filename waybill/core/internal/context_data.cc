#include <algorithm>
#include <cstring>
#include <new>
#include <type_traits>

#include <waybill/core/block_pool.h>
#include <waybill/core/internal/context_data.h>

namespace waybill::detail {
namespace {

// Copies `text` to `*out`, moves `*out` behind it, and returns the copy.
std::string_view copy_to(char** out, std::string_view text) noexcept {
  char* start = *out;
  if (!text.empty()) std::memcpy(start, text.data(), text.size());
  *out += text.size();
  return {start, text.size()};
}

std::size_t text_size(Fields fields) noexcept {
  std::size_t size = 0;
  for (const Field& field : fields) {
    const bool is_text = field.value.type() == FieldValue::Type::kString;
    size += field.key.size() + (is_text ? field.value.as_string().size() : 0);
  }
  return size;
}

}  // namespace

ContextData::Pointer ContextData::make(const Texts& texts, const ContextNode& ids, Fields kept,
                                       Fields added) {
  static_assert(std::is_trivially_destructible_v<Field> && alignof(Field) <= alignof(ContextData));
  // Room for all, also where some replace others.
  const std::size_t most_fields = kept.size() + added.size();
  const std::size_t whole = sizeof(ContextData) + most_fields * sizeof(Field) +
                            texts.trace_name.size() + texts.tracestate.size() +
                            texts.baggage.size() + text_size(kept) + text_size(added);
  auto* memory = static_cast<char*>(internal::take_block(whole));
  Pointer data(new (memory) ContextData(ids));
  data->size = whole;
  auto* const fields = reinterpret_cast<Field*>(memory + sizeof(ContextData));
  char* out = reinterpret_cast<char*>(fields + most_fields);
  data->texts = {.trace_name = copy_to(&out, texts.trace_name),
                 .tracestate = copy_to(&out, texts.tracestate),
                 .baggage = copy_to(&out, texts.baggage)};
  Field* end = fields;
  const auto copied = [&out](const FieldValue& value) {
    return value.type() == FieldValue::Type::kString ? copy_to(&out, value.as_string()) : value;
  };
  for (const Field& field : kept) {
    new (end++) Field{copy_to(&out, field.key), copied(field.value)};
  }
  for (const Field& field : added) {
    Field* const same_key =
        std::find_if(fields, end, [&](const Field& old) { return old.key == field.key; });
    if (same_key == end) {
      new (end++) Field{copy_to(&out, field.key), copied(field.value)};
    } else {
      same_key->value = copied(field.value);
    }
  }
  data->fields = {fields, static_cast<std::size_t>(end - fields)};
  return data;
}

void ContextData::Delete::operator()(const ContextData* data) const noexcept {
  const std::size_t whole = data->size;
  data->~ContextData();
  internal::give_back_block(const_cast<ContextData*>(data), whole);
}

}  // namespace waybill::detail
