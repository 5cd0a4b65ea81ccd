// Reads a baggage header as anyone may have written it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace waybill::internal {

struct BaggageMembers {
  std::string text;  // in normal form, within the limits
  std::size_t malformed = 0;
  std::size_t too_long = 0;
};

// As normalize_baggage(), of a header that is not too long to be read.
BaggageMembers read_baggage_members(std::string_view header);

}  // namespace waybill::internal
