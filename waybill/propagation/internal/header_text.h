// What header values have in common (RFC 9110 section 5.5).
#pragma once

#include <string_view>

namespace waybill::internal {

constexpr bool is_whitespace(char c) noexcept {
  return c == ' ' || c == '\t';
}

// Without the spaces and tabs at either end.
constexpr std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_whitespace(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_whitespace(text.back())) text.remove_suffix(1);
  return text;
}

constexpr bool is_visible_ascii(char c) noexcept {
  return c >= 0x21 && c <= 0x7e;
}

// Whether the text can stand in a header as it is: visible ASCII, spaces and tabs. Above all, no
// line breaks, which would let whoever wrote it add headers of their own.
constexpr bool is_header_text(std::string_view text) noexcept {
  for (const char c : text) {
    if (!is_visible_ascii(c) && !is_whitespace(c)) return false;
  }
  return true;
}

// Whether the text can be a header's name: a token (RFC 9110 section 5.6.2).
constexpr bool is_token(std::string_view text) noexcept {
  constexpr std::string_view kDelimiters = "\"(),/:;<=>?@[\\]{}";
  for (const char c : text) {
    if (!is_visible_ascii(c) || kDelimiters.find(c) != std::string_view::npos) return false;
  }
  return !text.empty();
}

}  // namespace waybill::internal
