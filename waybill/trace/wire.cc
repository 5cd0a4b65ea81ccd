#include <charconv>
#include <limits>
#include <string>

#include <waybill/core/utf8.h>
#include <waybill/trace/internal/cut_text.h>
#include <waybill/trace/wire.h>

namespace waybill::detail {
namespace {

using Type = AttributeValue::Type;

std::uint64_t bits_of(double value) noexcept {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

// What OTLP's integers cannot hold is a decimal text.
bool fits(std::uint64_t value) noexcept {
  return value <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
}

class Decimal {
 public:
  explicit Decimal(std::uint64_t value) noexcept
      : size_(static_cast<std::size_t>(std::to_chars(digits_, digits_ + sizeof digits_, value).ptr -
                                       digits_)) {}
  std::string_view text() const noexcept { return {digits_, size_}; }

 private:
  char digits_[20];
  std::size_t size_;
};

std::size_t number_size(std::uint64_t value) noexcept {
  return 1 + varint_size(value);
}

// Calls visit(element) with each element of the list as a value of its own.
template <class Visit>
void for_each_element(const AttributeValue& list, Visit&& visit) noexcept {
  switch (list.type()) {
    case Type::kStrings:
      for (const std::string_view text : list.as_list<std::string_view>()) {
        visit(AttributeValue(text));
      }
      break;
    case Type::kOwnedStrings:
      for (const std::string& text : list.as_list<std::string>()) visit(AttributeValue(text));
      break;
    case Type::kInt64s:
      for (const std::int64_t value : list.as_list<std::int64_t>()) visit(AttributeValue(value));
      break;
    case Type::kDoubles:
      for (const double value : list.as_list<double>()) visit(AttributeValue(value));
      break;
    case Type::kBools:
      for (const bool value : list.as_list<bool>()) visit(AttributeValue(value));
      break;
    default:
      break;
  }
}

std::size_t any_value_size(const AttributeValue& value, std::size_t longest) noexcept;

std::size_t array_size(const AttributeValue& list, std::size_t longest) noexcept {
  std::size_t size = 0;
  for_each_element(list, [&](const AttributeValue& element) {
    size += bytes_field_size(any_value_size(element, longest));
  });
  return size;
}

std::size_t any_value_size(const AttributeValue& value, std::size_t longest) noexcept {
  switch (value.type()) {
    case Type::kString:
      return bytes_field_size(internal::cut_characters(value.as_string(), longest).size());
    case Type::kInt64:
      return number_size(static_cast<std::uint64_t>(value.as_int64()));
    case Type::kUint64:
      return fits(value.as_uint64()) ? number_size(value.as_uint64())
                                     : bytes_field_size(Decimal(value.as_uint64()).text().size());
    case Type::kDouble:
      return 9;
    case Type::kBool:
      return 2;
    default:
      return bytes_field_size(array_size(value, longest));
  }
}

char* put_any_value(char* out, const AttributeValue& value, std::size_t longest) noexcept {
  using namespace field::any_value;
  switch (value.type()) {
    case Type::kString:
      return put_bytes(out, kString, internal::cut_characters(value.as_string(), longest));
    case Type::kInt64:
      return put_number(out, kInt, static_cast<std::uint64_t>(value.as_int64()));
    case Type::kUint64:
      return fits(value.as_uint64()) ? put_number(out, kInt, value.as_uint64())
                                     : put_bytes(out, kString, Decimal(value.as_uint64()).text());
    case Type::kDouble:
      return put_fixed64(out, kDouble, bits_of(value.as_double()));
    case Type::kBool:
      return put_number(out, kBool, value.as_bool());
    default:
      break;
  }
  out = put_varint(put_tag(out, kArray, WireType::kBytes), array_size(value, longest));
  constexpr std::uint32_t kValues = 1;  // of ArrayValue
  for_each_element(value, [&](const AttributeValue& element) {
    out = put_varint(put_tag(out, kValues, WireType::kBytes), any_value_size(element, longest));
    out = put_any_value(out, element, longest);
  });
  return out;
}

}  // namespace

AttributeSize attribute_size(std::string_view key, const AttributeValue& value,
                             std::size_t longest) noexcept {
  AttributeSize size;
  size.any_value = any_value_size(value, longest);
  size.key_value = bytes_field_size(key.size()) + bytes_field_size(size.any_value);
  size.field = bytes_field_size(size.key_value);
  return size;
}

char* put_attribute(char* out, std::uint32_t number, std::string_view key,
                    const AttributeValue& value, const AttributeSize& size,
                    std::size_t longest) noexcept {
  out = put_varint(put_tag(out, number, WireType::kBytes), size.key_value);
  out = put_bytes(out, field::key_value::kKey, key);
  out = put_varint(put_tag(out, field::key_value::kValue, WireType::kBytes), size.any_value);
  return put_any_value(out, value, longest);
}

}  // namespace waybill::detail
