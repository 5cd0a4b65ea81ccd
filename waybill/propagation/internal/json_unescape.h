// The text that a JSON string stands for (RFC 8259 section 7); the way back is core/json_escape.h.
#pragma once

#include <string>
#include <string_view>

namespace waybill::internal {

// The text of what stands between the quotes of a JSON string that JsonObjectReader has found
// valid: `spelled` itself where it has no escapes, else a view into `storage`. An escaped surrogate
// without its other half becomes U+FFFD.
std::string_view unescape_json(std::string_view spelled, std::string& storage);

}  // namespace waybill::internal
