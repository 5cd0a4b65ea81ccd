#include <cstring>
#include <span>
#include <utility>

#include <waybill/trace/internal/encoded_fields.h>

namespace waybill::internal {
namespace {

using detail::WireType;
namespace any_value = detail::field::any_value;
namespace key_value = detail::field::key_value;

bool take_varint(std::string_view& rest, std::uint64_t& value) noexcept {
  value = 0;
  for (std::size_t i = 0; i < rest.size() && i < 10; ++i) {
    const auto byte = static_cast<unsigned char>(rest[i]);
    value |= std::uint64_t{byte & 0x7FU} << (7 * i);
    if (byte < 0x80) {
      rest.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

template <class Word>
bool take_fixed(std::string_view& rest, std::uint64_t& value) noexcept {
  Word word;
  if (rest.size() < sizeof word) return false;
  std::memcpy(&word, rest.data(), sizeof word);
  value = word;
  rest.remove_prefix(sizeof word);
  return true;
}

bool take_bytes(std::string_view& rest, std::string_view& bytes) noexcept {
  std::uint64_t size = 0;
  if (!take_varint(rest, size) || size > rest.size()) return false;
  bytes = rest.substr(0, size);
  rest.remove_prefix(size);
  return true;
}

double double_of(std::uint64_t bits) noexcept {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// The elements of an ArrayValue, each an AnyValue.
template <class Visit>
void for_each_element(std::string_view array, Visit&& visit) {
  while (const auto element = next_encoded(array)) visit(decode_value(element->bytes));
}

OwnedAttributeValue decode_list(std::string_view array) {
  std::string_view rest = array;
  const auto first = next_encoded(rest);
  const AttributeValue sample = first ? decode_value(first->bytes) : AttributeValue{};
  switch (sample.type()) {
    case AttributeValue::Type::kInt64: {
      std::vector<std::int64_t> list;
      for_each_element(array, [&](const AttributeValue& e) { list.push_back(e.as_int64()); });
      return list;
    }
    case AttributeValue::Type::kDouble: {
      std::vector<double> list;
      for_each_element(array, [&](const AttributeValue& e) { list.push_back(e.as_double()); });
      return list;
    }
    case AttributeValue::Type::kBool: {
      std::vector<bool> list;
      for_each_element(array, [&](const AttributeValue& e) { list.push_back(e.as_bool()); });
      return list;
    }
    default: {
      std::vector<std::string> list;
      for_each_element(array, [&](const AttributeValue& e) { list.emplace_back(e.as_string()); });
      return list;
    }
  }
}

}  // namespace

std::optional<EncodedField> next_encoded(std::string_view& rest) noexcept {
  const char* begin = rest.data();
  EncodedField field;
  std::uint64_t tag = 0;
  if (rest.empty() || !take_varint(rest, tag)) return std::nullopt;
  field.number = static_cast<std::uint32_t>(tag >> 3);
  field.type = static_cast<WireType>(tag & 7);
  bool taken = false;
  switch (field.type) {
    case WireType::kVarint:
      taken = take_varint(rest, field.value);
      break;
    case WireType::kFixed64:
      taken = take_fixed<std::uint64_t>(rest, field.value);
      break;
    case WireType::kFixed32:
      taken = take_fixed<std::uint32_t>(rest, field.value);
      break;
    case WireType::kBytes:
      taken = take_bytes(rest, field.bytes);
      break;
  }
  if (!taken) return std::nullopt;
  field.whole = {begin, static_cast<std::size_t>(rest.data() - begin)};
  return field;
}

std::optional<EncodedField> find_encoded(std::string_view fields, std::uint32_t number) noexcept {
  while (const auto field = next_encoded(fields)) {
    if (field->number == number) return field;
  }
  return std::nullopt;
}

std::optional<EncodedField> find_encoded_attribute(std::string_view fields,
                                                   std::string_view key) noexcept {
  while (const auto field = next_encoded(fields)) {
    if (field->number == detail::field::span::kAttributes && encoded_key(field->bytes) == key) {
      return field;
    }
  }
  return std::nullopt;
}

std::string_view encoded_key(std::string_view key_value) noexcept {
  const auto field = find_encoded(key_value, key_value::kKey);
  return field ? field->bytes : std::string_view{};
}

std::string_view encoded_value(std::string_view key_value) noexcept {
  const auto field = find_encoded(key_value, key_value::kValue);
  return field ? field->bytes : std::string_view{};
}

AttributeValue decode_value(std::string_view any) noexcept {
  const auto field = next_encoded(any);
  if (!field) return {};
  switch (field->number) {
    case any_value::kBool:
      return field->value != 0;
    case any_value::kInt:
      return static_cast<std::int64_t>(field->value);
    case any_value::kDouble:
      return double_of(field->value);
    case any_value::kArray:
      return std::span<const std::string_view>{};
    default:
      return field->bytes;
  }
}

OwnedAttribute decode_attribute(std::string_view encoded) {
  const std::string_view any = encoded_value(encoded);
  OwnedAttribute attribute{.key = std::string(encoded_key(encoded)), .value = {}};
  std::string_view rest = any;
  const auto field = next_encoded(rest);
  attribute.value = field && field->number == any_value::kArray ? decode_list(field->bytes)
                                                                : to_owned(decode_value(any));
  return attribute;
}

}  // namespace waybill::internal
