#include <cmath>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include <waybill/core/field.h>
#include <waybill/core/json_escape.h>
#include <waybill/otlp/internal/attribute_text.h>

namespace waybill::internal {
namespace {

std::string text_of(double number) {
  if (std::isfinite(number)) return FieldValue(number).to_string();
  if (std::isnan(number)) return "NaN";
  return number > 0 ? "Infinity" : "-Infinity";
}

void append(std::string& out, const std::string& text) {
  append_json_string(out, text);
}
void append(std::string& out, std::int64_t number) {
  out += FieldValue(number).to_string();
}
void append(std::string& out, double number) {
  if (std::isfinite(number)) {
    out += text_of(number);
  } else {
    append_json_string(out, text_of(number));
  }
}
void append(std::string& out, bool value) {
  out += value ? "true" : "false";
}
template <class T>
void append(std::string& out, const std::vector<T>& list) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i != 0) out += ',';
    append(out, static_cast<const T&>(list[i]));
  }
  out += ']';
}

}  // namespace

void append_json_value(std::string& out, const OwnedAttributeValue& value) {
  std::visit([&out](const auto& it) { append(out, it); }, value);
}

std::string attribute_text(const OwnedAttributeValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<double>(&value)) return text_of(*number);
  std::string text;
  append_json_value(text, value);
  return text;
}

}  // namespace waybill::internal
