// Fields as bytes, so that they can travel with a record through a queue that copies bytes.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include <waybill/core/field.h>

namespace waybill::spdlog_bridge::detail {

// Stands before each field's key, which its value follows. Fields that are packed come from
// pack_field() of this process: their sizes are right.
struct PackedFieldHead {
  std::uint32_t key_size;
  std::uint32_t value_size;
  FieldValue::Type type;
};

inline std::size_t value_size(const FieldValue& value) noexcept {
  switch (value.type()) {
    case FieldValue::Type::kString:
      return value.as_string().size();
    case FieldValue::Type::kBool:
      return sizeof(bool);
    default:
      return 8;
  }
}

inline std::size_t packed_size(const Field& field) noexcept {
  return sizeof(PackedFieldHead) + field.key.size() + value_size(field.value);
}

// Writes packed_size() bytes, which have to be less than 4 GiB.
inline void pack_field(const Field& field, char* out) noexcept {
  const FieldValue& value = field.value;
  const PackedFieldHead head{static_cast<std::uint32_t>(field.key.size()),
                             static_cast<std::uint32_t>(value_size(value)), value.type()};
  const auto put = [&out](const void* bytes, std::size_t size) {
    if (size != 0) std::memcpy(out, bytes, size);
    out += size;
  };
  const auto put_value = [&put](auto number) { put(&number, sizeof number); };
  put(&head, sizeof head);
  put(field.key.data(), field.key.size());
  switch (value.type()) {
    case FieldValue::Type::kString:
      put(value.as_string().data(), value.as_string().size());
      break;
    case FieldValue::Type::kInt64:
      put_value(value.as_int64());
      break;
    case FieldValue::Type::kUint64:
      put_value(value.as_uint64());
      break;
    case FieldValue::Type::kDouble:
      put_value(value.as_double());
      break;
    case FieldValue::Type::kBool:
      put_value(value.as_bool());
      break;
  }
}

inline FieldValue unpack_value(FieldValue::Type type, std::string_view bytes) noexcept {
  const auto read = [bytes](auto number) {
    std::memcpy(&number, bytes.data(), sizeof number);
    return FieldValue(number);
  };
  switch (type) {
    case FieldValue::Type::kInt64:
      return read(std::int64_t{});
    case FieldValue::Type::kUint64:
      return read(std::uint64_t{});
    case FieldValue::Type::kDouble:
      return read(double{});
    case FieldValue::Type::kBool:
      return read(bool{});
    case FieldValue::Type::kString:
      break;
  }
  return FieldValue(bytes);
}

// Takes the first field off `packed`, which must not be empty.
inline Field unpack_field(std::string_view& packed) noexcept {
  PackedFieldHead head;
  std::memcpy(&head, packed.data(), sizeof head);
  packed.remove_prefix(sizeof head);
  const std::string_view key = packed.substr(0, head.key_size);
  packed.remove_prefix(head.key_size);
  const std::string_view value = packed.substr(0, head.value_size);
  packed.remove_prefix(head.value_size);
  return {key, unpack_value(head.type, value)};
}

}  // namespace waybill::spdlog_bridge::detail
