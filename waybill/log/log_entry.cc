#include <algorithm>

#include <waybill/log/internal/call_fields.h>
#include <waybill/log/log_entry.h>

namespace waybill {
namespace detail {
namespace {

Fields bounded(Fields fields) noexcept {
  return {fields.begin(), std::min(fields.size(), kMostCallFields)};
}

bool is_text(const FieldValue& value) noexcept {
  return value.type() == FieldValue::Type::kString;
}

std::string_view value_text(const FieldValue& value) noexcept {
  return is_text(value) ? value.as_string() : std::string_view{};
}

// With texts of a size that is written whole.
Field cut(const Field& field) noexcept {
  Field shorter = field;
  shorter.key = field.key.substr(0, kMostArgumentText);
  if (is_text(field.value)) {
    shorter.value = field.value.as_string().substr(0, kMostArgumentText);
  }
  return shorter;
}

bool is_long(const Field& field) noexcept {
  return field.key.size() > kMostArgumentText || value_text(field.value).size() > kMostArgumentText;
}

}  // namespace

std::size_t fields_size(Fields fields) noexcept {
  std::size_t size = 0;
  for (const Field& field : bounded(fields)) {
    size += sizeof(Field) + std::min(field.key.size(), kMostArgumentText) +
            std::min(value_text(field.value).size(), kMostArgumentText);
  }
  return size;
}

// Each field as it is, whose pointers will mean nothing, and behind it its texts.
void put_fields(char*& out, Fields fields) noexcept {
  for (const Field& field : bounded(fields)) {
    const Field& written = is_long(field) ? cut(field) : field;
    put(out, written);
    copy_text(out, written.key);
    out += written.key.size();
    const std::string_view text = value_text(written.value);
    copy_text(out, text);
    out += text.size();
  }
}

}  // namespace detail

void internal::take_fields(const char*& in, std::size_t count, std::vector<Field>& fields) {
  for (std::size_t i = 0; i < count; ++i) {
    auto field = detail::take<Field>(in);
    field.key = {in, field.key.size()};
    in += field.key.size();
    if (detail::is_text(field.value)) {
      const std::size_t size = field.value.as_string().size();
      field.value = std::string_view(in, size);
      in += size;
    }
    fields.push_back(field);
  }
}

}  // namespace waybill
