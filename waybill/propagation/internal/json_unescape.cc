#include <cstddef>
#include <cstdint>

#include <waybill/core/hex.h>
#include <waybill/core/utf8.h>
#include <waybill/propagation/internal/json_unescape.h>

namespace waybill::internal {
namespace {

std::uint32_t read_code_unit(const char* digits) noexcept {
  std::uint32_t unit = 0;
  for (int i = 0; i < 4; ++i) unit = unit << 4 | static_cast<std::uint32_t>(hex::digit(digits[i]));
  return unit;
}

bool is_high_surrogate(std::uint32_t unit) noexcept {
  return unit >= 0xd800 && unit <= 0xdbff;
}
bool is_low_surrogate(std::uint32_t unit) noexcept {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

// Appends what an escape beginning with "\u" at `at` stands for; returns where it ends.
std::size_t append_unicode_escape(std::string& out, std::string_view spelled, std::size_t at) {
  std::uint32_t code_point = read_code_unit(spelled.data() + at + 2);
  at += 6;
  if (is_high_surrogate(code_point) && spelled.substr(at, 2) == "\\u") {
    const std::uint32_t low = read_code_unit(spelled.data() + at + 2);
    if (is_low_surrogate(low)) {
      code_point = 0x10000 + ((code_point - 0xd800) << 10) + (low - 0xdc00);
      at += 6;
    }
  }
  append_utf8(out, code_point);
  return at;
}

char short_escape(char letter) noexcept {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return letter;  // a quote, a slash or a backslash
  }
}

}  // namespace

std::string_view unescape_json(std::string_view spelled, std::string& storage) {
  std::size_t escape = spelled.find('\\');
  if (escape == std::string_view::npos) return spelled;
  storage.clear();
  std::size_t at = 0;
  while (escape != std::string_view::npos) {
    storage += spelled.substr(at, escape - at);
    if (spelled[escape + 1] == 'u') {
      at = append_unicode_escape(storage, spelled, escape);
    } else {
      storage += short_escape(spelled[escape + 1]);
      at = escape + 2;
    }
    escape = spelled.find('\\', at);
  }
  storage += spelled.substr(at);
  return storage;
}

}  // namespace waybill::internal
