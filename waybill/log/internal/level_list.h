// "info,http=debug": a level for all loggers, and levels of some.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/log/level.h>

namespace waybill::internal {

struct LevelList {
  std::optional<Level> all;
  std::vector<std::pair<std::string, Level>> loggers;
};

// Blanks around names and levels are ignored, and so are empty parts. Throws Error that names the
// part which cannot be read.
LevelList parse_levels(std::string_view text, std::string_view option = "levels");

}  // namespace waybill::internal
