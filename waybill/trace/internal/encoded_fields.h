// Reads what wire.h writes, field by field. Bounded by the text; malformed text ends early.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <waybill/trace/attribute.h>
#include <waybill/trace/wire.h>

namespace waybill::internal {

struct EncodedField {
  std::uint32_t number = 0;
  detail::WireType type = detail::WireType::kVarint;
  std::uint64_t value = 0;      // of a number
  std::string_view bytes = {};  // of kBytes
  std::string_view whole = {};  // with the tag
};

// Takes the first field off `rest`; empty at the end, and where it is malformed.
std::optional<EncodedField> next_encoded(std::string_view& rest) noexcept;

// The first field of this number.
std::optional<EncodedField> find_encoded(std::string_view fields, std::uint32_t number) noexcept;

// The attribute with this key, among the fields of a span.
std::optional<EncodedField> find_encoded_attribute(std::string_view fields,
                                                   std::string_view key) noexcept;

// Of an attribute, that is of the bytes of a KeyValue.
std::string_view encoded_key(std::string_view key_value) noexcept;
// Its AnyValue.
std::string_view encoded_value(std::string_view key_value) noexcept;

// A text refers to `any_value`; of a list, only the type is right.
AttributeValue decode_value(std::string_view any_value) noexcept;

// With the elements of lists. Throws std::bad_alloc.
OwnedAttribute decode_attribute(std::string_view key_value);

}  // namespace waybill::internal
