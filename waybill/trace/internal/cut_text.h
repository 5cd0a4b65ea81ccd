// Cuts texts, at a character's end.
#pragma once

#include <cstddef>
#include <string_view>

namespace waybill::internal {

// Whether this byte of UTF-8 belongs to the character before.
constexpr bool continues_character(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// To so many bytes.
inline std::string_view cut_text(std::string_view text, std::size_t longest) noexcept {
  if (text.size() <= longest) return text;
  std::size_t size = longest;
  while (size > 0 && longest - size < 3 && continues_character(text[size])) --size;
  return text.substr(0, size);
}

// To so many characters.
inline std::string_view cut_characters(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text;
  std::size_t size = 0;
  for (std::size_t characters = 0; size < text.size(); ++size) {
    if (!continues_character(text[size]) && ++characters > most) break;
  }
  return text.substr(0, size);
}

}  // namespace waybill::internal
