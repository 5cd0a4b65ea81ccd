// A number as people write it: 0.0001, not 1e-04. As short as it can be and still be this number.
#pragma once

#include <charconv>
#include <limits>
#include <string>

namespace waybill::internal {

inline std::string decimal_text(double value) {
  // The longest: a sign, "0." and the digits of the smallest number there is.
  char text[8 - std::numeric_limits<double>::min_exponent10 +
            2 * std::numeric_limits<double>::max_digits10];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
  return {text, end};
}

}  // namespace waybill::internal
