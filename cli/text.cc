#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <cli/text.h>
#include <waybill/core/utf8.h>

namespace waybill::cli {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool in_ranges(const Range (&ranges)[N], char32_t c) noexcept {
  const Range* range = std::ranges::lower_bound(ranges, c, {}, &Range::last);
  return range != std::end(ranges) && range->first <= c;
}

// What is spelled out: it acts on the terminal, changes the order of what is seen, or is not seen.
bool is_unsafe(char32_t c) noexcept {
  static constexpr Range kRanges[] = {
      {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},
      {0x180e, 0x180e}, {0x200b, 0x200c}, {0x200e, 0x200f}, {0x2028, 0x202e},
      {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
  };
  return in_ranges(kRanges, c);
}

bool is_combining(char32_t c) noexcept {
  static constexpr Range kRanges[] = {
      {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},
      {0x6d6, 0x6dc},   {0x900, 0x902},   {0x93c, 0x93c},   {0x941, 0x948},   {0x94d, 0x94d},
      {0xe31, 0xe31},   {0xe34, 0xe3a},   {0xe47, 0xe4e},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
      {0x200d, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
  };
  return in_ranges(kRanges, c);
}

// Unicode Standard Annex 11: wide and fullwidth, in broad strokes.
bool is_wide(char32_t c) noexcept {
  static constexpr Range kRanges[] = {
      {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x2614, 0x2615},
      {0x26a1, 0x26a1},   {0x2705, 0x2705},   {0x274c, 0x274c},   {0x2753, 0x2755},
      {0x2795, 0x2797},   {0x2b50, 0x2b50},   {0x2e80, 0x303e},   {0x3041, 0x33ff},
      {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},
      {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
      {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff},
      {0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
  };
  return in_ranges(kRanges, c);
}

struct Character {
  char32_t code;
  std::size_t size;  // in bytes
  bool valid;        // else its bytes are not UTF-8
};

// What `text`, which is not empty, begins with.
Character first_character(std::string_view text) noexcept {
  const auto [size, valid] = utf8_step(text.data(), text.data() + text.size());
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  char32_t code = size > 1 ? byte(0) & (0xffU >> (size + 1)) : byte(0);
  for (std::size_t i = 1; i < size; ++i) code = code << 6 | (byte(i) & 0x3fU);
  return {code, size, valid};
}

std::size_t columns_of(const Character& c) noexcept {
  if (!c.valid) return c.size;
  return is_combining(c.code) ? 0 : is_wide(c.code) ? 2 : 1;
}

void append_escaped(std::string& out, char32_t c) {
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  auto to = std::back_inserter(out);
  if (c < 0x80) {
    fmt::format_to(to, "\\x{:02x}", static_cast<unsigned>(c));
  } else if (c < 0x10000) {
    fmt::format_to(to, "\\u{:04x}", static_cast<unsigned>(c));
  } else {
    fmt::format_to(to, "\\U{:08x}", static_cast<unsigned>(c));
  }
}

void append_json_escape(std::string& out, char32_t c) {
  auto to = std::back_inserter(out);
  if (c < 0x10000) {
    fmt::format_to(to, "\\u{:04x}", static_cast<unsigned>(c));
  } else {
    const auto rest = static_cast<unsigned>(c) - 0x10000U;
    fmt::format_to(to, "\\u{:04x}\\u{:04x}", 0xd800U + (rest >> 10), 0xdc00U + (rest & 0x3ffU));
  }
}

bool is_plain(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Copies `text`, calling `unsafe(character, bytes)` for what must not be copied.
template <class F>
void copy_safe(std::string_view text, std::string& out, F&& unsafe) {
  out.reserve(out.size() + text.size());
  while (!text.empty()) {
    const Character c = first_character(text);
    const std::string_view bytes = text.substr(0, c.size);
    if (!c.valid || is_unsafe(c.code)) {
      unsafe(c, bytes);
    } else {
      out.append(bytes);
    }
    text.remove_prefix(c.size);
  }
}

char fold(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

std::string escape(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string out;
  copy_safe(text, out, [&out](const Character& c, std::string_view bytes) {
    if (c.valid) return append_escaped(out, c.code);
    for (const char byte : bytes) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(byte));
    }
  });
  return out;
}

std::string escape_json_line(std::string_view line) {
  if (is_plain(line)) return std::string(line);
  std::string out;
  copy_safe(line, out, [&out](const Character& c, std::string_view) {
    if (c.code < 0x20) {
      out += ' ';  // between tokens; inside a string JSON has none
    } else {
      append_json_escape(out, c.code);
    }
  });
  return out;
}

std::size_t display_width(std::string_view text) noexcept {
  if (is_plain(text)) return text.size();
  std::size_t width = 0;
  while (!text.empty()) {
    const Character c = first_character(text);
    width += columns_of(c);
    text.remove_prefix(c.size);
  }
  return width;
}

std::string_view fit(std::string_view text, std::size_t columns) noexcept {
  std::size_t at = 0;
  std::size_t width = 0;
  while (at < text.size()) {
    const Character c = first_character(text.substr(at));
    width += columns_of(c);
    if (width > columns) break;
    at += c.size;
  }
  return text.substr(0, at);
}

std::vector<std::string_view> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string_view> lines;
  do {
    std::string_view line = fit(text, columns);
    if (line.empty() && !text.empty()) line = text.substr(0, first_character(text).size);
    if (line.size() < text.size() && text[line.size()] != ' ') {
      const auto space = line.rfind(' ');
      if (space != std::string_view::npos && space > 0) line = line.substr(0, space);
    }
    lines.push_back(line);
    text.remove_prefix(std::min(line.size(), text.size()));
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  } while (!text.empty());
  return lines;
}

std::string with_separators(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return with_separators(number).append(" ").append(number == 1 ? one : many);
}

bool contains_ignoring_case(std::string_view text, std::string_view part) noexcept {
  return std::ranges::search(text, part, {}, fold, fold).begin() != text.end() || part.empty();
}

std::string lowercase(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), fold);
  return lower;
}

}  // namespace waybill::cli
