// The fields by which OpenTelemetry's semantic conventions describe an exception, for formats that
// have keys of their own for it.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <waybill/log/internal/json_writer.h>

namespace waybill::internal {

// Roles of a KeyTable.
inline constexpr std::array<std::string_view, 3> kExceptionFields = {
    "exception.type", "exception.message", "exception.stacktrace"};

// Those of one record.
class ExceptionFields {
 public:
  void set(std::size_t role, const Field& field) noexcept { fields_[role] = &field; }

  // As texts, under the keys of the same places.
  void write(JsonWriter& line, const std::array<JsonKey, kExceptionFields.size()>& keys) const {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i] != nullptr && keys[i]) line.key(keys[i]).value_as_string(fields_[i]->value);
    }
  }

 private:
  std::array<const Field*, kExceptionFields.size()> fields_ = {};
};

}  // namespace waybill::internal
