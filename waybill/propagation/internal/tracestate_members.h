// The members of a tracestate list while it is read or changed: slices of the text they stand in,
// in a place of fixed size. What Tracestate is made with; it never allocates but to join().
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <waybill/propagation/tracestate.h>

namespace waybill::internal {

// One member in the text it was read from. Without initialisers: clearing 32 of them would cost
// more than reading a short header.
struct TracestateSlice {
  const char* key;
  std::uint32_t key_size;
  std::uint32_t value_size;

  std::size_t size() const noexcept { return std::size_t{1} + key_size + value_size; }
  std::string_view text() const noexcept { return {key, size()}; }
  bool has_same_key(const TracestateSlice& other) const noexcept {
    return key_size == other.key_size && std::memcmp(key, other.key, key_size) == 0;
  }
};

class TracestateMembers {
 public:
  enum class Result { kValid, kMalformed, kTooLong };

  // Fills the list, each key once. The header must stay where it is while this list is in use.
  Result read(std::string_view header) noexcept;

  // Whether the header that was read is in normal form already, but perhaps too long.
  bool is_normal() const noexcept { return normal_; }

  std::size_t size() const noexcept { return size_; }

  // False when there is a member with that key already. There must be room.
  bool add(const TracestateSlice& member) noexcept;

  // The list in normal form, shortened as the standard asks (section 3.3.3.1); the first
  // `protected_members` stay.
  std::string join(std::size_t protected_members);

 private:
  std::size_t text_size() const noexcept;
  void shorten(std::size_t protected_members) noexcept;

  std::array<TracestateSlice, Tracestate::kMaxMembers> slices_;
  std::size_t size_ = 0;
  bool normal_ = true;
};

// The grammar of a key and of a value (section 3.3.2.2), of whatever length.
bool has_tracestate_key_characters(std::string_view key) noexcept;
bool has_tracestate_value_characters(std::string_view value) noexcept;

}  // namespace waybill::internal
