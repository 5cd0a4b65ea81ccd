// UTF-8 as the Unicode Standard defines it (section 3.9, table 3-7): no overlong forms, no
// surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waybill {

// What stands at the beginning of a text.
struct Utf8Step {
  std::size_t size;  // bytes of the character, or of the longest part of one that is malformed
  bool valid;
};

// `p` must not be `end`.
Utf8Step utf8_step(const char* p, const char* end) noexcept;

// Whether all of it is.
bool is_utf8(std::string_view text) noexcept;

// With U+FFFD for each malformed character.
std::string to_utf8(std::string_view text);

// Appends the character; a surrogate becomes U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace waybill
