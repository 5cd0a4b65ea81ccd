// The one place that knows nlohmann-json.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace waybill::internal {

// Deeper nesting is refused: what handles values goes as deep as they do.
inline constexpr int kDeepestJson = 100;

// Throws Error with line and column.
nlohmann::json parse_json(std::string_view text);

// Members sorted, no spacing; empty for what is no JSON, or nested too deep.
std::optional<std::string> canonical_json(std::string_view text);

}  // namespace waybill::internal
