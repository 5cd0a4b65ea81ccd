// Field: a key and a typed value that a context, a log record or a span carries.
//
//   Field{"job_id", "J-1042"}   Field{"attempt", 3}   Field{"ratio", 0.5}   Field{"cached", true}
//
// A Field *refers* to its key and to a text value; it does not own them. Make fields where they are
// used, as an argument: Context and the logger copy what they keep. Do not store a Field whose text
// was a temporary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace waybill {

// One of: text, signed integer, unsigned integer, floating point, boolean.
class FieldValue {
 public:
  enum class Type : std::uint8_t { kString, kInt64, kUint64, kDouble, kBool };

  constexpr FieldValue() noexcept : FieldValue(std::string_view{}) {}
  constexpr FieldValue(std::string_view text) noexcept
      : type_(Type::kString), size_(text.size()), text_(text.data()) {}
  constexpr FieldValue(const char* text) noexcept : FieldValue(std::string_view(text)) {}
  FieldValue(const std::string& text) noexcept : FieldValue(std::string_view(text)) {}
  template <class T>
    requires std::is_same_v<T, bool>  // and not whatever converts to it, such as a pointer
  constexpr FieldValue(T value) noexcept : type_(Type::kBool), bool_(value) {}
  template <class T>
    requires(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
  constexpr FieldValue(T value) noexcept {
    if constexpr (std::is_floating_point_v<T>) {
      type_ = Type::kDouble;
      double_ = static_cast<double>(value);
    } else if constexpr (std::is_signed_v<T>) {
      type_ = Type::kInt64;
      int64_ = value;
    } else {
      type_ = Type::kUint64;
      uint64_ = value;
    }
  }

  constexpr Type type() const noexcept { return type_; }

  // Each is to be called only when type() says so.
  constexpr std::string_view as_string() const noexcept { return {text_, size_}; }
  constexpr std::int64_t as_int64() const noexcept { return int64_; }
  constexpr std::uint64_t as_uint64() const noexcept { return uint64_; }
  constexpr double as_double() const noexcept { return double_; }
  constexpr bool as_bool() const noexcept { return bool_; }

  // The value as text: numbers in their shortest exact form, booleans as "true" and "false".
  std::string to_string() const;

  // Equal in type and value: 1 (signed) is not 1u (unsigned).
  friend bool operator==(const FieldValue& a, const FieldValue& b) noexcept;

 private:
  Type type_;
  std::size_t size_ = 0;
  union {
    const char* text_;
    std::int64_t int64_;
    std::uint64_t uint64_;
    double double_;
    bool bool_;
  };
};

struct Field {
  std::string_view key;
  FieldValue value;

  friend bool operator==(const Field&, const Field&) noexcept = default;
};

// A run of fields that somebody else owns.
class Fields {
 public:
  constexpr Fields() noexcept = default;
  constexpr Fields(const Field* first, std::size_t size) noexcept : first_(first), size_(size) {}

  constexpr const Field* begin() const noexcept { return first_; }
  constexpr const Field* end() const noexcept { return first_ + size_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr const Field& operator[](std::size_t i) const noexcept { return first_[i]; }

  // The field with this key, or null.
  constexpr const Field* find(std::string_view key) const noexcept {
    for (const Field& field : *this) {
      if (field.key == key) return &field;
    }
    return nullptr;
  }

 private:
  const Field* first_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace waybill
