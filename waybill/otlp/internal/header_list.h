// Header names and values: the list of them in a variable of the environment, and what may be sent.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::internal {

using Header = std::pair<std::string, std::string>;

// "key1=value1,key2=value2" as in W3C Baggage without properties: keys are tokens, values are
// percent-encoded, white space around both is not theirs. Throws Error that names `option`, and
// repeats keys at most, as values may be secrets.
std::vector<Header> parse_header_list(std::string_view option, std::string_view list);

// Throws Error that names `option`, unless the name is a token (RFC 9110 section 5.6.2), the value
// has no control characters, and the header is not one that the exporter sets by itself.
void check_header(std::string_view option, const Header& header);

}  // namespace waybill::internal
