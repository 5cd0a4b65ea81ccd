#include <cmath>

#include <waybill/log/internal/json_writer.h>

namespace waybill::internal {

Literal json_member(const JsonKey& key, std::string_view value) {
  if (!key) return {};
  std::string text(key.text_.text());
  append_json_escaped(text, value);
  return Literal(text.append("\""));
}

JsonWriter& JsonWriter::value(const FieldValue& value) {
  if (value.type() == FieldValue::Type::kString) return string(value.as_string());
  if (value.type() != FieldValue::Type::kDouble || std::isfinite(value.as_double())) {
    put_scalar(value);
    return *this;
  }
  // JSON has no such numbers: the spelling of proto3's JSON mapping.
  if (std::isnan(value.as_double())) return raw("\"NaN\"");
  return value.as_double() > 0 ? raw("\"Infinity\"") : raw("\"-Infinity\"");
}

JsonWriter& JsonWriter::value_as_string(const FieldValue& value) {
  if (value.type() == FieldValue::Type::kString) return string(value.as_string());
  if (value.type() == FieldValue::Type::kDouble && !std::isfinite(value.as_double())) {
    return this->value(value);
  }
  put('"').put_scalar(value);
  return punctuation('"');
}

}  // namespace waybill::internal
