#include <cstdint>

#include <waybill/core/hex.h>
#include <waybill/core/utf8.h>
#include <waybill/log/internal/escape.h>

namespace waybill::internal {
namespace {

std::uint8_t byte_at(const char* p) noexcept {
  return static_cast<std::uint8_t>(*p);
}

// Of a valid character of several bytes: C1 controls, U+2028 and U+2029, and the directional
// embeddings, overrides and isolates (U+202A to U+202E, U+2066 to U+2069).
bool misleads(const char* p, std::size_t size) noexcept {
  const std::uint8_t lead = byte_at(p);
  if (size == 2) return lead == 0xc2 && byte_at(p + 1) < 0xa0;
  if (size != 3 || lead != 0xe2) return false;
  const std::uint8_t last = byte_at(p + 2);
  if (byte_at(p + 1) == 0x80) return last >= 0xa8 && last <= 0xae;
  return byte_at(p + 1) == 0x81 && last >= 0xa6 && last <= 0xa9;
}

// The size of the character at `p` if it can be shown as it is; else 0.
std::size_t shown_size(const char* p, const char* end) noexcept {
  const Utf8Step step = utf8_step(p, end);
  if (step.size == 1) return step.valid && is_plain<>(*p) ? 1 : 0;
  return step.valid && !misleads(p, step.size) ? step.size : 0;
}

bool fits_logfmt_key(const char* p, std::size_t shown) noexcept {
  return shown != 0 && *p != ' ' && *p != '=' && *p != '"';
}

EscapedPart escape_one(const char* p, const char* end, char* out) noexcept {
  if (const std::size_t size = shown_size(p, end); size != 0) {
    if (*p == '"' || *p == '\\') *out++ = '\\';
    for (const char* const after = p + size; p != after; ++p) *out++ = *p;
    return {p, out};
  }
  *out++ = '\\';
  switch (*p) {
    case '\n':
      *out++ = 'n';
      break;
    case '\r':
      *out++ = 'r';
      break;
    case '\t':
      *out++ = 't';
      break;
    default:
      *out++ = 'x';
      out = hex::encode_byte(byte_at(p), out);
  }
  return {p + 1, out};
}

}  // namespace

EscapedPart escape_text(const char* text, const char* end, char* out, const char* limit) noexcept {
  return escape_blocks<>(text, end, out, limit, escape_one);
}

EscapedPart escape_quoted_text(const char* text, const char* end, char* out,
                               const char* limit) noexcept {
  return escape_blocks<'"', '\\'>(text, end, out, limit, escape_one);
}

bool is_shown_as_is(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  for (const char* p = text.data(); p != end;) {
    const std::size_t size = shown_size(p, end);
    if (size == 0) return false;
    p += size;
  }
  return true;
}

bool is_logfmt_key(std::string_view key) noexcept {
  const char* const end = key.data() + key.size();
  for (const char* p = key.data(); p != end;) {
    const std::size_t shown = shown_size(p, end);
    if (!fits_logfmt_key(p, shown)) return false;
    p += shown;
  }
  return !key.empty();
}

std::string to_logfmt_key(std::string_view key) {
  std::string fitting;
  const char* const end = key.data() + key.size();
  for (const char* p = key.data(); p != end;) {
    const std::size_t shown = shown_size(p, end);
    if (fits_logfmt_key(p, shown)) {
      fitting.append(p, shown);
    } else {
      fitting.push_back('_');
    }
    p += utf8_step(p, end).size;
  }
  return fitting.empty() ? "_" : fitting;
}

}  // namespace waybill::internal
