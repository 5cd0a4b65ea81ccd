// Error: what set-up functions throw. Nothing throws it once a program is set up.
//
// It knows the context in which it was raised, and where; see raised_in.h. For errors of the
// program's own, see waybill/error/error.h.
#pragma once

#include <memory>
#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

#include <waybill/core/raised_in.h>

namespace waybill {

// What an option was set to, and what would be right.
struct InvalidOption {
  std::string option;
  std::string value;
  std::string expected;
};

class Error : public std::runtime_error, public RaisedIn {
 public:
  explicit Error(const std::string& what,
                 const std::source_location& where = std::source_location::current());
  explicit Error(const char* what,
                 const std::source_location& where = std::source_location::current());

  // About an option, in words of the caller's own.
  Error(const std::string& what, InvalidOption option,
        const std::source_location& where = std::source_location::current());

  // "option 'port': '70000' is not valid: expected 0 to 65535"
  static Error bad_option(std::string_view option, std::string_view value,
                          std::string_view expected,
                          const std::source_location& where = std::source_location::current());

  // Null where the error is about something else. Good as long as the error, or a copy of it.
  const InvalidOption* invalid_option() const noexcept { return invalid_option_.get(); }

 private:
  std::shared_ptr<const InvalidOption> invalid_option_;  // copying an error does not fail
};

}  // namespace waybill
