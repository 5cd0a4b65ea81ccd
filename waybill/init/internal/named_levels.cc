#include <algorithm>

#include <waybill/core/ascii.h>
#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/named_levels.h>

namespace waybill::internal {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
  return ascii::trimmed(text, " ");
}

bool is_name(std::string_view name) noexcept {
  return !name.empty() && trimmed(name) == name && name.find_first_of("=,") == name.npos;
}

// "http=debug" or "info".
void read_part(std::string_view part, const SettingValue& whole, NamedLevels& levels) {
  const std::size_t equals = part.find('=');
  const bool is_named = equals != std::string_view::npos;
  const auto level = level_from_name(trimmed(is_named ? part.substr(equals + 1) : part));
  const std::string_view name = is_named ? trimmed(part.substr(0, equals)) : "";
  if (!level || (is_named && !is_name(name))) {
    throw bad_setting(whole.option(), whole.place(), part,
                      "trace, debug, info, warn, error, fatal or off, or logger=level");
  }
  if (is_named) {
    levels.set(std::string(name), *level);
  } else {
    levels.all = level;
  }
}

}  // namespace

void NamedLevels::set(const std::string& logger, Level level) {
  for (auto& [name, its] : loggers) {
    if (name == logger) return void(its = level);
  }
  loggers.emplace_back(logger, level);
}

void NamedLevels::set_all_of(const NamedLevels& others) {
  if (others.all) all = others.all;
  for (const auto& [logger, level] : others.loggers) set(logger, level);
}

std::string NamedLevels::to_string() const {
  std::string text;
  for (const auto& [logger, level] : loggers) {
    text.append(text.empty() ? "" : ",").append(logger).append("=");
    text.append(lowercase_level_name(level));
  }
  return text;
}

NamedLevels read_named_levels(const SettingValue& value) {
  NamedLevels levels;
  if (value.is_text()) {
    for (const std::string& part : value.names()) read_part(part, value, levels);
    return levels;
  }
  for (const auto& [logger, level] : value.table()) {
    if (!is_name(logger)) {
      throw bad_setting(value.option(), level.place(), logger,
                        "a logger's name without '=', ',' and blanks at its ends");
    }
    levels.set(logger, level.level());
  }
  return levels;
}

}  // namespace waybill::internal
