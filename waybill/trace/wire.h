// The wire form of protobuf (protobuf.dev, "Encoding"), as far as attributes, events and links need
// it: what a span carries is written in it at once, so that an exporter copies it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <waybill/core/copy_text.h>
#include <waybill/trace/attribute.h>

namespace waybill::detail {

// The numbers of opentelemetry/proto/trace/v1/trace.proto and common.proto.
namespace field {
namespace span {
inline constexpr std::uint32_t kAttributes = 9;
inline constexpr std::uint32_t kDroppedAttributes = 10;
inline constexpr std::uint32_t kEvents = 11;
inline constexpr std::uint32_t kDroppedEvents = 12;
inline constexpr std::uint32_t kLinks = 13;
inline constexpr std::uint32_t kDroppedLinks = 14;
inline constexpr std::uint32_t kStatus = 15;
}  // namespace span
namespace event {
inline constexpr std::uint32_t kTime = 1;
inline constexpr std::uint32_t kName = 2;
inline constexpr std::uint32_t kAttributes = 3;
inline constexpr std::uint32_t kDroppedAttributes = 4;
}  // namespace event
namespace link {
inline constexpr std::uint32_t kTraceId = 1;
inline constexpr std::uint32_t kSpanId = 2;
inline constexpr std::uint32_t kTracestate = 3;
inline constexpr std::uint32_t kAttributes = 4;
inline constexpr std::uint32_t kDroppedAttributes = 5;
inline constexpr std::uint32_t kFlags = 6;
}  // namespace link
namespace status {
inline constexpr std::uint32_t kMessage = 2;
inline constexpr std::uint32_t kCode = 3;
}  // namespace status
namespace key_value {
inline constexpr std::uint32_t kKey = 1;
inline constexpr std::uint32_t kValue = 2;
}  // namespace key_value
namespace any_value {
inline constexpr std::uint32_t kString = 1;
inline constexpr std::uint32_t kBool = 2;
inline constexpr std::uint32_t kInt = 3;
inline constexpr std::uint32_t kDouble = 4;
inline constexpr std::uint32_t kArray = 5;
}  // namespace any_value
}  // namespace field

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

// Times as OTLP has them: nanoseconds since 1970; what was before is 1970.
constexpr std::uint64_t unix_nanoseconds(std::chrono::system_clock::time_point time) noexcept {
  const auto since_1970 =
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  return since_1970 < 0 ? 0 : static_cast<std::uint64_t>(since_1970);
}

constexpr std::size_t varint_size(std::uint64_t value) noexcept {
  std::size_t size = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++size;
  }
  return size;
}

// Each writes at `out` and returns the end. Field numbers are below 16: a tag is one byte.
inline char* put_varint(char* out, std::uint64_t value) noexcept {
  while (value >= 0x80) [[unlikely]] {
    *out++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<char>(value);
  return out;
}
inline char* put_tag(char* out, std::uint32_t number, WireType type) noexcept {
  *out = static_cast<char>(number << 3 | static_cast<std::uint32_t>(type));
  return out + 1;
}
[[gnu::always_inline]] inline char* put_bytes(char* out, std::uint32_t number,
                                              std::string_view bytes) noexcept {
  out = put_varint(put_tag(out, number, WireType::kBytes), bytes.size());
  copy_text(out, bytes);
  return out + bytes.size();
}
inline char* put_number(char* out, std::uint32_t number, std::uint64_t value) noexcept {
  return put_varint(put_tag(out, number, WireType::kVarint), value);
}
inline char* put_fixed64(char* out, std::uint32_t number, std::uint64_t value) noexcept {
  out = put_tag(out, number, WireType::kFixed64);
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}
inline char* put_fixed32(char* out, std::uint32_t number, std::uint32_t value) noexcept {
  out = put_tag(out, number, WireType::kFixed32);
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}

// What put_bytes() writes.
constexpr std::size_t bytes_field_size(std::size_t size) noexcept {
  return 1 + varint_size(size) + size;
}

// An attribute whose texts are cut to `longest` characters: how large a KeyValue is, with the tag
// and the size in front, and the writing of it. Both must be given the same.
struct AttributeSize {
  std::size_t field;      // of all
  std::size_t key_value;  // of the KeyValue
  std::size_t any_value;  // of its AnyValue
};
AttributeSize attribute_size(std::string_view key, const AttributeValue& value,
                             std::size_t longest) noexcept;
char* put_attribute(char* out, std::uint32_t number, std::string_view key,
                    const AttributeValue& value, const AttributeSize& size,
                    std::size_t longest) noexcept;

// The same for what most attributes are: a short key and a short text or a number. Null: it is not
// of that sort. There must be room for kShortAttribute bytes.
inline constexpr std::size_t kShortAttribute = 128;
[[gnu::always_inline]] inline char* put_short_attribute(char* out, std::uint32_t number,
                                                        std::string_view key,
                                                        const AttributeValue& value) noexcept {
  if (key.size() > 60) return nullptr;
  char* any = out + 6 + key.size();
  char* end;
  switch (value.type()) {
    case AttributeValue::Type::kString: {
      const std::string_view text = value.as_string();
      if (text.size() > 55) return nullptr;
      end = put_bytes(any, field::any_value::kString, text);
      break;
    }
    case AttributeValue::Type::kInt64:
      end = put_number(any, field::any_value::kInt, static_cast<std::uint64_t>(value.as_int64()));
      break;
    case AttributeValue::Type::kBool:
      end = put_number(any, field::any_value::kBool, value.as_bool());
      break;
    case AttributeValue::Type::kDouble: {
      std::uint64_t bits;
      const double number_value = value.as_double();
      std::memcpy(&bits, &number_value, sizeof bits);
      end = put_fixed64(any, field::any_value::kDouble, bits);
      break;
    }
    default:
      return nullptr;
  }
  const auto any_size = static_cast<char>(end - any);
  out = put_tag(out, number, WireType::kBytes);
  *out++ = static_cast<char>(4 + key.size() + static_cast<std::size_t>(any_size));
  out = put_bytes(out, field::key_value::kKey, key);
  *out++ = static_cast<char>(field::key_value::kValue << 3 | 2);
  *out++ = any_size;
  return end;
}

}  // namespace waybill::detail
