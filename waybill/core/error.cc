#include <waybill/core/error.h>

namespace waybill {

Error Error::bad_option(std::string_view option, std::string_view value,
                        std::string_view expected) {
  std::string text = "option '";
  text.append(option).append("': '").append(value).append("' is not valid: expected ");
  return Error(text.append(expected));
}

}  // namespace waybill
