#include <cstdint>
#include <cstring>

#include <waybill/core/escape_blocks.h>
#include <waybill/core/hex.h>
#include <waybill/core/json_escape.h>
#include <waybill/core/utf8.h>

namespace waybill {
namespace {

using internal::EscapedPart;

static_assert(kJsonEscapeRoom >= internal::kEscapeRoom);

char* write(char* out, const char* text, std::size_t size) noexcept {
  std::memcpy(out, text, size);
  return out + size;
}

char* write_code(char* out, std::uint8_t high, std::uint8_t low) noexcept {
  out = write(out, "\\u", 2);
  return hex::encode_byte(low, hex::encode_byte(high, out));
}

char* write_ascii(char* out, char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
      *out++ = '\\';
      *out++ = c;
      return out;
    case '\n':
      return write(out, "\\n", 2);
    case '\r':
      return write(out, "\\r", 2);
    case '\t':
      return write(out, "\\t", 2);
    default:
      return write_code(out, 0, static_cast<std::uint8_t>(c));
  }
}

// A valid character of several bytes.
char* write_character(char* out, const char* p, std::size_t size) noexcept {
  const auto byte = [p](std::size_t i) { return static_cast<std::uint8_t>(p[i]); };
  if (size == 2 && byte(0) == 0xc2 && byte(1) < 0xa0) return write_code(out, 0, byte(1));
  if (size == 3 && byte(0) == 0xe2 && byte(1) == 0x80 && (byte(2) & 0xfe) == 0xa8) {
    return write_code(out, 0x20, byte(2) & 0x3f);
  }
  return write(out, p, size);
}

EscapedPart escape_one(const char* p, const char* end, char* out) noexcept {
  if (static_cast<std::uint8_t>(*p) < 0x80) return {p + 1, write_ascii(out, *p)};
  const Utf8Step step = utf8_step(p, end);
  return {p + step.size,
          step.valid ? write_character(out, p, step.size) : write(out, "\xEF\xBF\xBD", 3)};
}

}  // namespace

JsonEscaped escape_json(const char* text, const char* end, char* out, const char* limit) noexcept {
  const EscapedPart part = internal::escape_blocks<'"', '\\'>(text, end, out, limit, escape_one);
  return {part.read, part.written};
}

void append_json_escaped(std::string& out, std::string_view text) {
  char buffer[512];
  const char* const end = text.data() + text.size();
  for (const char* p = text.data(); p != end;) {
    const JsonEscaped part = escape_json(p, end, buffer, buffer + sizeof buffer);
    out.append(buffer, static_cast<std::size_t>(part.written - buffer));
    p = part.read;
  }
}

}  // namespace waybill
