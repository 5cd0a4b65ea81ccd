// Which of the two formats an Accept header (RFC 9110 section 12.5.1) prefers.
#pragma once

#include <string_view>

namespace waybill::internal {

// Whether OpenMetrics is named, in a version that is known, with a weight that is not zero and not
// below that of text/plain.
bool prefers_openmetrics(std::string_view accept) noexcept;

}  // namespace waybill::internal
