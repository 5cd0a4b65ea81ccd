#include <limits>
#include <string>

#include <waybill/otlp/internal/append_attribute.h>

namespace waybill::internal {

bool append_attribute_slowly(WireBuffer& out, std::uint32_t number, std::string_view key,
                             const FieldValue& value) {
  if (key.empty()) return true;
  std::string mended_key;
  std::string mended_value;
  key = valid_text(key, mended_key);
  const AttributeValue valid = value.type() == FieldValue::Type::kString
                                   ? AttributeValue(valid_text(value.as_string(), mended_value))
                                   : AttributeValue(value);
  constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();
  const detail::AttributeSize size = detail::attribute_size(key, valid, kWhole);
  char* const at = out.room(size.field);
  if (at == nullptr) return false;
  out.set_end(detail::put_attribute(at, number, key, valid, size, kWhole));
  return true;
}

}  // namespace waybill::internal
