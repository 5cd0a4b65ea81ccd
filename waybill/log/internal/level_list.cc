#include <waybill/core/ascii.h>
#include <waybill/core/error.h>
#include <waybill/log/internal/level_list.h>

namespace waybill::internal {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
  return ascii::trimmed(text, " ");
}

Level level_of(std::string_view name, std::string_view part, std::string_view option) {
  if (const auto level = level_from_name(trimmed(name))) return *level;
  throw Error::bad_option(option, part,
                          "trace, debug, info, warn, error, fatal or off, or logger=level");
}

}  // namespace

LevelList parse_levels(std::string_view text, std::string_view option) {
  LevelList levels;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view part = trimmed(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      levels.all = level_of(part, part, option);
      continue;
    }
    const std::string_view name = trimmed(part.substr(0, equals));
    if (name.empty()) throw Error::bad_option(option, part, "a logger's name before '='");
    levels.loggers.emplace_back(name, level_of(part.substr(equals + 1), part, option));
  }
  return levels;
}

}  // namespace waybill::internal
