// Error: what set-up functions throw. Nothing throws it once a program is set up.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace waybill {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  // "option 'port': '70000' is not valid: expected 0 to 65535"
  static Error bad_option(std::string_view option, std::string_view value,
                          std::string_view expected);
};

}  // namespace waybill
