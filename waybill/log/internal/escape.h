// Text for a person's terminal: one line, which moves no cursor and hides nothing.
#pragma once

#include <string>
#include <string_view>

#include <waybill/core/escape_blocks.h>

namespace waybill::internal {

// Escapes as far as both go, as escape_json() does. Control characters (C1 too), line separators,
// marks that change the direction of what follows, and bytes that are not UTF-8 become \n, \r, \t
// or \x1b. Quotes and backslashes stay.
EscapedPart escape_text(const char* text, const char* end, char* out, const char* limit) noexcept;

// For the inside of quotes: quotes and backslashes are escaped as well.
EscapedPart escape_quoted_text(const char* text, const char* end, char* out,
                               const char* limit) noexcept;

// Whether escape_text() leaves all of `text` as it is.
bool is_shown_as_is(std::string_view text) noexcept;

// Whether the key can stand in logfmt as it is: visible characters but '=' and '"', valid UTF-8.
bool is_logfmt_key(std::string_view key) noexcept;

// The key with '_' for each character that cannot; "_" for an empty one.
std::string to_logfmt_key(std::string_view key);

}  // namespace waybill::internal
