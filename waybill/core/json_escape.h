// Text as the inside of a JSON string (RFC 8259 section 7).
#pragma once

#include <string>
#include <string_view>

namespace waybill {

// Appends `text` without the enclosing quotes. Quotes, backslashes and control characters are
// escaped; what is not valid UTF-8 becomes U+FFFD, one for each malformed character. Thread-safe;
// throws only std::bad_alloc.
void append_json_escaped(std::string& out, std::string_view text);

// With the quotes.
inline void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  append_json_escaped(out, text);
  out.push_back('"');
}

}  // namespace waybill
