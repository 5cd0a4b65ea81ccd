// Attribute: a key and a typed value of a span, an event, a link or a metric point, as
// OpenTelemetry defines it: text, integer, floating point, boolean, or a list of one of these.
//
//   Attribute{"zip_code", zip}   Attribute{"attempt", 3}   Attribute{"tags", tags}   // a vector
//
// An Attribute *refers* to its key and to texts and lists; it does not own them. Make attributes
// where they are used, as an argument: what takes them copies what it keeps. OwnedAttribute is for
// storing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <waybill/core/field.h>

namespace waybill {

class AttributeValue {
 public:
  enum class Type : std::uint8_t {
    kString,
    kInt64,
    kUint64,
    kDouble,
    kBool,
    kStrings,  // lists of std::string_view, std::string
    kOwnedStrings,
    kInt64s,
    kDoubles,
    kBools,
  };

  constexpr AttributeValue() noexcept : AttributeValue(FieldValue{}) {}
  constexpr AttributeValue(const FieldValue& value) noexcept
      : type_(static_cast<Type>(value.type())), data_(nullptr) {
    switch (value.type()) {
      case FieldValue::Type::kString:
        size_ = value.as_string().size();
        data_ = value.as_string().data();
        break;
      case FieldValue::Type::kInt64:
        int64_ = value.as_int64();
        break;
      case FieldValue::Type::kUint64:
        uint64_ = value.as_uint64();
        break;
      case FieldValue::Type::kDouble:
        double_ = value.as_double();
        break;
      case FieldValue::Type::kBool:
        bool_ = value.as_bool();
        break;
    }
  }
  template <class T>
    requires(std::is_convertible_v<T, FieldValue> && !std::is_same_v<T, FieldValue>)
  constexpr AttributeValue(const T& value) noexcept : AttributeValue(FieldValue(value)) {}

  constexpr AttributeValue(std::span<const std::string_view> list) noexcept
      : AttributeValue(Type::kStrings, list) {}
  constexpr AttributeValue(std::span<const std::string> list) noexcept
      : AttributeValue(Type::kOwnedStrings, list) {}
  constexpr AttributeValue(std::span<const std::int64_t> list) noexcept
      : AttributeValue(Type::kInt64s, list) {}
  constexpr AttributeValue(std::span<const double> list) noexcept
      : AttributeValue(Type::kDoubles, list) {}
  constexpr AttributeValue(std::span<const bool> list) noexcept
      : AttributeValue(Type::kBools, list) {}
  template <class T>
  constexpr AttributeValue(const std::vector<T>& list) noexcept
      : AttributeValue(std::span<const T>(list)) {}

  constexpr Type type() const noexcept { return type_; }
  constexpr bool is_list() const noexcept { return type_ >= Type::kStrings; }

  // Each is to be called only when type() says so.
  constexpr std::string_view as_string() const noexcept {
    return {static_cast<const char*>(data_), size_};
  }
  constexpr std::int64_t as_int64() const noexcept { return int64_; }
  constexpr std::uint64_t as_uint64() const noexcept { return uint64_; }
  constexpr double as_double() const noexcept { return double_; }
  constexpr bool as_bool() const noexcept { return bool_; }
  template <class T>  // std::string_view, std::string, std::int64_t, double, bool
  std::span<const T> as_list() const noexcept {
    return {static_cast<const T*>(data_), size_};
  }

 private:
  template <class T>
  constexpr AttributeValue(Type type, std::span<const T> list) noexcept
      : type_(type), size_(list.size()), data_(list.data()) {}

  Type type_;
  std::size_t size_ = 0;
  union {
    const void* data_;
    std::int64_t int64_;
    std::uint64_t uint64_;
    double double_;
    bool bool_;
  };
};

struct Attribute {
  std::string_view key;
  AttributeValue value;
};

// A run of attributes that somebody else owns.
using Attributes = std::span<const Attribute>;

// With values of its own. An unsigned value beyond the range of int64 is a decimal text, as OTLP
// has no other way to say it.
using OwnedAttributeValue =
    std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>,
                 std::vector<std::int64_t>, std::vector<double>, std::vector<bool>>;

struct OwnedAttribute {
  std::string key;
  OwnedAttributeValue value;

  friend bool operator==(const OwnedAttribute&, const OwnedAttribute&) = default;
};

OwnedAttributeValue to_owned(const AttributeValue& value);

}  // namespace waybill
