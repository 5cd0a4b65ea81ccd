#include <array>

#include <waybill/core/ascii.h>
#include <waybill/log/level.h>

namespace waybill {
namespace {

constexpr std::array<std::string_view, 7> kNames = {"TRACE", "DEBUG", "INFO", "WARN",
                                                    "ERROR", "FATAL", "OFF"};
constexpr std::array<std::string_view, 7> kLowercaseNames = {"trace", "debug", "info", "warn",
                                                             "error", "fatal", "off"};

}  // namespace

std::string_view level_name(Level level) noexcept {
  return kNames[static_cast<std::size_t>(level)];
}

std::string_view lowercase_level_name(Level level) noexcept {
  return kLowercaseNames[static_cast<std::size_t>(level)];
}

std::optional<Level> level_from_name(std::string_view name) noexcept {
  using ascii::same_ignoring_case;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (same_ignoring_case(name, kNames[i])) return static_cast<Level>(i);
  }
  if (same_ignoring_case(name, "warning")) return Level::kWarn;
  if (same_ignoring_case(name, "critical")) return Level::kFatal;
  return std::nullopt;
}

int severity_number(Level level) noexcept {
  return level == Level::kOff ? 0 : 1 + 4 * static_cast<int>(level);
}

}  // namespace waybill
