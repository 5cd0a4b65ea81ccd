// Levels of loggers by name, as settings give them: "info,http=debug", or a table of names.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <waybill/init/internal/setting_value.h>
#include <waybill/log/level.h>

namespace waybill::internal {

struct NamedLevels {
  std::optional<Level> all = std::nullopt;
  std::vector<std::pair<std::string, Level>> loggers = {};  // each once

  void set(const std::string& logger, Level level);
  void set_all_of(const NamedLevels& others);

  // The named ones, as set_log_levels() reads them.
  std::string to_string() const;
};

// Throws Error for a level that there is not, and for names that are empty or have '=', ',' or
// blanks at their ends.
NamedLevels read_named_levels(const SettingValue& value);

}  // namespace waybill::internal
