// ASCII letters and blanks in names, headers and settings. Other bytes, those of UTF-8 included,
// are left as they are, whatever the locale.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace waybill::ascii {

constexpr char lowercase(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char uppercase(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

inline std::string lowercase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = lowercase(c);
  return lower;
}

constexpr bool same_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lowercase(x) == lowercase(y); });
}

// Without the blanks at either end.
constexpr std::string_view trimmed(std::string_view text,
                                   std::string_view blanks = " \t") noexcept {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace waybill::ascii
