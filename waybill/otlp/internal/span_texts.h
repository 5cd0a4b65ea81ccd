// The texts in what a span carries (EndedSpan::encoded): keys, values, names, the status's message.
// protozero::exception where it is not protobuf.
#pragma once

#include <string>
#include <string_view>

namespace waybill::internal {

// Whether all of them are UTF-8.
bool has_valid_texts(std::string_view encoded);

// The same with texts that are.
std::string with_valid_texts(std::string_view encoded);

}  // namespace waybill::internal
