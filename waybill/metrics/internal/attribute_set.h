// Attributes of a measurement: how they are compared and hashed as they were spelled, and their one
// canonical form.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/field.h>
#include <waybill/trace/attribute.h>

namespace waybill::internal {

// Before there are hashes: chooses the seed.
void seed_hashes() noexcept;

// A hash with a seed of the process's own, so that nobody outside can choose attributes that
// collide. Depends on the order.
std::uint64_t hash_of(Fields attributes) noexcept;

// Equal in spelling: order, types and, of floating point numbers, bits.
bool same_spelling(Fields a, Fields b) noexcept;

// Whether this is a name under which trace and span ids go, in any case and with any punctuation.
bool names_a_trace(std::string_view key) noexcept;

// Sorted by key, each key once; texts are valid UTF-8 and not too long; unsigned integers are
// signed where they fit. Refers to what was given, but for texts that had to be mended.
class CanonicalAttributes {
 public:
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kLongestText = 1024;

  // Throws std::bad_alloc, only if texts have to be mended.
  explicit CanonicalAttributes(Fields given);

  Fields fields() const noexcept { return {fields_.data(), size_}; }
  // Left out: names of traces, empty keys, and what is too many.
  std::size_t refused() const noexcept { return refused_; }
  // Whether another spelling might have the same form though it cannot be told how many there are.
  bool lossy() const noexcept { return refused_ != 0 || cut_; }

  std::vector<OwnedAttribute> owned() const;

 private:
  void put(std::string_view key, const FieldValue& value);
  std::string_view text(std::string_view given);

  std::array<Field, kMost> fields_;
  std::size_t size_ = 0;
  std::size_t refused_ = 0;
  bool cut_ = false;
  std::forward_list<std::string> mended_;
};

// What a point holds whose attributes are too many.
const Field& overflow_attribute() noexcept;

}  // namespace waybill::internal
