#include <limits>

#include <waybill/trace/attribute.h>

namespace waybill {
namespace {

template <class Owned, class Element>
std::vector<Owned> copy_of(std::span<const Element> list) {
  return {list.begin(), list.end()};
}

}  // namespace

OwnedAttributeValue to_owned(const AttributeValue& value) {
  using Type = AttributeValue::Type;
  switch (value.type()) {
    case Type::kInt64:
      return value.as_int64();
    case Type::kUint64:
      if (value.as_uint64() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
        return std::to_string(value.as_uint64());
      }
      return static_cast<std::int64_t>(value.as_uint64());
    case Type::kDouble:
      return value.as_double();
    case Type::kBool:
      return value.as_bool();
    case Type::kStrings:
      return copy_of<std::string>(value.as_list<std::string_view>());
    case Type::kOwnedStrings:
      return copy_of<std::string>(value.as_list<std::string>());
    case Type::kInt64s:
      return copy_of<std::int64_t>(value.as_list<std::int64_t>());
    case Type::kDoubles:
      return copy_of<double>(value.as_list<double>());
    case Type::kBools:
      return copy_of<bool>(value.as_list<bool>());
    case Type::kString:
      break;
  }
  return std::string(value.as_string());
}

}  // namespace waybill
