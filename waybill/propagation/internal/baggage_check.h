// A quick look at a baggage header: most are in normal form as they come.
#pragma once

#include <string_view>

namespace waybill::internal {

// True when the header certainly is in normal form and within the limits of Baggage, and not empty.
// False says nothing (a "%" in a key may be in the way): the header has to be read.
bool is_plain_baggage(std::string_view header) noexcept;

// The same, a character at a time: for short headers, and for processors without the instructions
// that the other one is made of (SSSE3).
bool is_plain_baggage_bytewise(std::string_view header) noexcept;

}  // namespace waybill::internal
