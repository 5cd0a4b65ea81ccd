#include <algorithm>
#include <cstring>
#include <new>

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

bool is_text(const Field& field) noexcept {
  return field.value.type() == FieldValue::Type::kString;
}

}  // namespace

ContextData::Pointer ContextData::make(const Texts& texts, const ContextNode& ids) {
  const std::size_t text_size =
      texts.trace_name.size() + texts.tracestate.size() + texts.baggage.size();
  const std::size_t whole = sizeof(ContextData) + text_size;
  auto* memory = static_cast<char*>(internal::take_block(whole));
  Pointer data(new (memory) ContextData(ids));
  data->size = whole;
  char* out = memory + sizeof(ContextData);
  data->texts = {.trace_name = copy_to(&out, texts.trace_name),
                 .tracestate = copy_to(&out, texts.tracestate),
                 .baggage = copy_to(&out, texts.baggage)};
  return data;
}

void ContextData::Delete::operator()(const ContextData* data) const noexcept {
  const std::size_t whole = data->size;
  data->~ContextData();
  internal::give_back_block(const_cast<ContextData*>(data), whole);
}

void ContextData::set_fields(Fields kept, Fields added) {
  std::vector<Field> merged(kept.begin(), kept.end());
  for (const Field& field : added) {
    const auto same_key = std::find_if(merged.begin(), merged.end(),
                                       [&](const Field& old) { return old.key == field.key; });
    if (same_key == merged.end()) {
      merged.push_back(field);
    } else {
      same_key->value = field.value;
    }
  }

  std::size_t text_size = 0;
  for (const Field& field : merged) {
    text_size += field.key.size() + (is_text(field) ? field.value.as_string().size() : 0);
  }
  auto text = std::make_unique_for_overwrite<char[]>(text_size);
  char* out = text.get();
  for (Field& field : merged) {
    field.key = copy_to(&out, field.key);
    if (is_text(field)) field.value = copy_to(&out, field.value.as_string());
  }
  // Only now: `kept` and `added` may point into what is replaced.
  fields = std::move(merged);
  field_text = std::move(text);
}

}  // namespace waybill::detail
