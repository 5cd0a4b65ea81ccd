#include <charconv>

#include <waybill/core/field.h>

namespace waybill {
namespace {

template <class T>
std::string shortest(T value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

}  // namespace

std::string FieldValue::to_string() const {
  switch (type_) {
    case Type::kString:
      return std::string(as_string());
    case Type::kInt64:
      return shortest(int64_);
    case Type::kUint64:
      return shortest(uint64_);
    case Type::kDouble:
      return shortest(double_);
    case Type::kBool:
      return bool_ ? "true" : "false";
  }
  return {};
}

bool operator==(const FieldValue& a, const FieldValue& b) noexcept {
  if (a.type_ != b.type_) return false;
  switch (a.type_) {
    case FieldValue::Type::kString:
      return a.as_string() == b.as_string();
    case FieldValue::Type::kInt64:
      return a.int64_ == b.int64_;
    case FieldValue::Type::kUint64:
      return a.uint64_ == b.uint64_;
    case FieldValue::Type::kDouble:
      return a.double_ == b.double_;
    case FieldValue::Type::kBool:
      return a.bool_ == b.bool_;
  }
  return false;
}

}  // namespace waybill
