#include <utility>

#include <waybill/core/error.h>

namespace waybill {

Error::Error(const std::string& what, const std::source_location& where)
    : std::runtime_error(what), RaisedIn(where) {}

Error::Error(const char* what, const std::source_location& where)
    : std::runtime_error(what), RaisedIn(where) {}

Error::Error(const std::string& what, InvalidOption option, const std::source_location& where)
    : std::runtime_error(what),
      RaisedIn(where),
      invalid_option_(std::make_shared<const InvalidOption>(std::move(option))) {}

Error Error::bad_option(std::string_view option, std::string_view value, std::string_view expected,
                        const std::source_location& where) {
  std::string text = "option '";
  text.append(option).append("': '").append(value).append("' is not valid: expected ");
  return Error(text.append(expected),
               {std::string(option), std::string(value), std::string(expected)}, where);
}

}  // namespace waybill
