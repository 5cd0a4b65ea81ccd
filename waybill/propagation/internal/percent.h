// Percent-encoding (RFC 3986 section 2.1): "a b" <-> "a%20b".
//
//   constexpr CharSet kPlain("abcdefghijklmnopqrstuvwxyz0123456789");
//   encode_percent("a b", out, kPlain);    // appends "a%20b"
//   decode_percent("a%20b", out);          // appends "a b"
//
// All functions are thread-safe; nothing throws but for want of memory.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace waybill::internal {

// A set of bytes. One look into a table tells whether a byte is in it.
class CharSet {
 public:
  constexpr CharSet() noexcept = default;
  constexpr explicit CharSet(std::string_view members) noexcept {
    for (const char c : members) in_[index(c)] = true;
  }

  // The bytes from `first` to `last`, both included.
  static constexpr CharSet range(unsigned char first, unsigned char last) noexcept {
    CharSet set;
    for (std::size_t byte = first; byte <= last; ++byte) set.in_[byte] = true;
    return set;
  }

  constexpr bool contains(char c) const noexcept { return in_[index(c)]; }

  constexpr bool contains_all(std::string_view text) const noexcept {
    for (const char c : text) {
      if (!contains(c)) return false;
    }
    return true;
  }

  // What is in either, and what is in the first but not in the second.
  friend constexpr CharSet operator|(CharSet a, const CharSet& b) noexcept {
    for (std::size_t byte = 0; byte < kBytes; ++byte) a.in_[byte] = a.in_[byte] || b.in_[byte];
    return a;
  }
  friend constexpr CharSet operator-(CharSet a, const CharSet& b) noexcept {
    for (std::size_t byte = 0; byte < kBytes; ++byte) a.in_[byte] = a.in_[byte] && !b.in_[byte];
    return a;
  }

 private:
  static constexpr std::size_t kBytes = 256;
  static constexpr std::size_t index(char c) noexcept { return static_cast<unsigned char>(c); }

  std::array<bool, kBytes> in_{};
};

// Letters, digits and - . _ ~, which no place in a URL gives a meaning (RFC 3986 section 2.3).
inline constexpr CharSet kUnreserved = CharSet::range('a', 'z') | CharSet::range('A', 'Z') |
                                       CharSet::range('0', '9') | CharSet("-._~");

// Appends the decoded text, which may be any bytes. False, and what was appended is unspecified,
// for a '%' without two hex digits (of either case) behind it.
bool decode_percent(std::string_view text, std::string& out);

// Appends the text with each byte that is not in `plain` as '%' and two uppercase hex digits. To be
// read back, '%' must not be in `plain`.
void encode_percent(std::string_view text, std::string& out, const CharSet& plain);

}  // namespace waybill::internal
