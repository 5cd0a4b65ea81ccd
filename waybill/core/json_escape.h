// Text as the inside of a JSON string (RFC 8259 section 7).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace waybill {

// Appends `text` without the enclosing quotes. Quotes, backslashes and control characters (U+0080
// to U+009F too) are escaped, and so are the line separators U+2028 and U+2029, at which some
// readers split lines; what is not valid UTF-8 becomes U+FFFD, one for each malformed character.
// Thread-safe; throws only std::bad_alloc.
void append_json_escaped(std::string& out, std::string_view text);

// With the quotes.
inline void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  append_json_escaped(out, text);
  out.push_back('"');
}

// The same into memory of the caller's, as far as it goes.
struct JsonEscaped {
  const char* read;  // the first character of the text that has found no room
  char* written;     // the end of what has been written
};

// Less free room than this is left unused.
inline constexpr std::size_t kJsonEscapeRoom = 24;

// Escapes [text, end) into [out, limit). No character is written in part.
JsonEscaped escape_json(const char* text, const char* end, char* out, const char* limit) noexcept;

}  // namespace waybill
