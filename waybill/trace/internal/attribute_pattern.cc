#include <cstdint>
#include <utility>
#include <variant>

#include <waybill/core/error.h>
#include <waybill/trace/internal/attribute_pattern.h>

namespace waybill::internal {
namespace {

using Type = AttributeValue::Type;

bool equals(const AttributeValue& value, std::int64_t wanted) noexcept {
  switch (value.type()) {
    case Type::kInt64:
      return value.as_int64() == wanted;
    case Type::kUint64:
      return std::in_range<std::int64_t>(value.as_uint64()) &&
             static_cast<std::int64_t>(value.as_uint64()) == wanted;
    case Type::kDouble:
      return value.as_double() == static_cast<double>(wanted);
    default:
      return false;
  }
}

bool equals(const AttributeValue& value, double wanted) noexcept {
  switch (value.type()) {
    case Type::kInt64:
      return static_cast<double>(value.as_int64()) == wanted;
    case Type::kUint64:
      return static_cast<double>(value.as_uint64()) == wanted;
    case Type::kDouble:
      return value.as_double() == wanted;
    default:
      return false;
  }
}

}  // namespace

AttributePattern::AttributePattern(OwnedAttribute wanted, std::string_view option)
    : wanted_(std::move(wanted)) {
  if (wanted_.key.empty()) throw Error::bad_option(option, "", "the key of an attribute");
  if (const auto* text = std::get_if<std::string>(&wanted_.value)) {
    text_.emplace(*text);
  } else if (!std::holds_alternative<std::int64_t>(wanted_.value) &&
             !std::holds_alternative<double>(wanted_.value) &&
             !std::holds_alternative<bool>(wanted_.value)) {
    throw Error::bad_option(option, wanted_.key, "a text, a number or a boolean as its value");
  }
}

bool AttributePattern::matches(Attributes attributes) const noexcept {
  // Of several with this key, the last is the span's.
  for (std::size_t i = attributes.size(); i-- > 0;) {
    if (attributes[i].key == wanted_.key) return matches(attributes[i].value);
  }
  return false;
}

bool AttributePattern::matches(const AttributeValue& value) const noexcept {
  if (text_) return value.type() == Type::kString && text_->matches(value.as_string());
  if (const auto* number = std::get_if<std::int64_t>(&wanted_.value)) return equals(value, *number);
  if (const auto* number = std::get_if<double>(&wanted_.value)) return equals(value, *number);
  return value.type() == Type::kBool && value.as_bool() == std::get<bool>(wanted_.value);
}

}  // namespace waybill::internal
