// Text from outside, made safe to print: Cairo refuses to draw anything more once it has been
// given text that is not UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace landscape::internal {

// Valid UTF-8 without control characters: those become spaces, bytes that make no sense '?'.
std::string printable_utf8(std::string_view text);

// Takes the last character off valid UTF-8.
void drop_last_utf8(std::string& text);

}  // namespace landscape::internal
