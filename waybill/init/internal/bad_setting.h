// The errors of a set-up: which option, where it was set, its value, what would be right.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/error.h>

namespace waybill::internal {

// "option 'log.level' (waybill.toml:3): 'inof' is not valid: expected trace, debug, …". The value
// is shown as shown_setting() does. To be used again for what another room says of an option that
// has another name there (Error::invalid_option()).
Error bad_setting(std::string_view option, std::string_view place, std::string_view value,
                  std::string_view expected);

// "option 'log.output' (waybill.toml:3): " and what another room has to say.
Error bad_setting(std::string_view option, std::string_view place, const Error& reason);

// "option 'log.levle' (waybill.toml:3) is not known: did you mean 'level'?"
Error unknown_setting(std::string_view option, std::string_view place, std::string_view key,
                      const std::vector<std::string_view>& known);

// As a part of a message of one line on a terminal: what is not visible ASCII or valid UTF-8 beyond
// it is \x1b, and what is too long is cut.
std::string shown_setting(std::string_view value, std::size_t longest = 200);

// The one of `known` that somebody who wrote `key` may have meant; empty where none is near.
std::string_view nearest_name(std::string_view key, const std::vector<std::string_view>& known);

}  // namespace waybill::internal
