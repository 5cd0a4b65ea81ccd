// What a comparison compares with: the text that a person wrote, as its key calls for.
#pragma once

#include <optional>
#include <string>

#include <cli/filter.h>

namespace waybill::cli {

// Fills in what `comparison`, which has its key and operator, means with this text. Of a time, one
// relative to now is reckoned from `now`. Where the text cannot be what the key calls for: what
// would be right, in words.
std::optional<std::string> set_value(Comparison& comparison, std::string text, bool may_be_number,
                                     Nanoseconds now);

}  // namespace waybill::cli
