// An attribute in wire form, whose texts are UTF-8 whatever they were.
#pragma once

#include <cstdint>
#include <string_view>

#include <waybill/core/field.h>
#include <waybill/otlp/internal/valid_text.h>
#include <waybill/otlp/wire_buffer.h>
#include <waybill/trace/wire.h>

namespace waybill::internal {

bool append_attribute_slowly(WireBuffer& out, std::uint32_t number, std::string_view key,
                             const FieldValue& value);

// Appends a KeyValue as field `number`. Nothing for an empty key: OpenTelemetry has no such
// attributes. False: there is no memory. Throws std::bad_alloc.
inline bool append_attribute(WireBuffer& out, std::uint32_t number, std::string_view key,
                             const FieldValue& value) {
  const bool is_ascii_text =
      value.type() != FieldValue::Type::kString || is_ascii(value.as_string());
  if (is_ascii(key) && !key.empty() && is_ascii_text) [[likely]] {
    char* const at = out.room(detail::kShortAttribute);
    if (at == nullptr) return false;
    if (char* const end = detail::put_short_attribute(at, number, key, value)) {
      out.set_end(end);
      return true;
    }
  }
  return append_attribute_slowly(out, number, key, value);
}

}  // namespace waybill::internal
