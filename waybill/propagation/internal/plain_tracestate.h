// A quick look at a tracestate header: most are short, and in normal form as they come.
#pragma once

#include <string_view>

namespace waybill::internal {

// True when the header certainly is valid, in normal form and within all limits: at most 63
// characters, no space around members, keys of a-z 0-9 _ -, each only once. False says
// nothing: the header has to be read.
bool is_plain_tracestate(std::string_view header) noexcept;

}  // namespace waybill::internal
