#include <algorithm>
#include <array>
#include <utility>

#include <waybill/log/level.h>

namespace waybill {
namespace {

constexpr std::array<std::string_view, 7> kNames = {"TRACE", "DEBUG", "INFO", "WARN",
                                                    "ERROR", "FATAL", "OFF"};

constexpr char to_upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool same_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_upper(x) == to_upper(y); });
}

}  // namespace

std::string_view level_name(Level level) noexcept {
  return kNames[static_cast<std::size_t>(level)];
}

std::optional<Level> level_from_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (same_ignoring_case(name, kNames[i])) return static_cast<Level>(i);
  }
  if (same_ignoring_case(name, "warning")) return Level::kWarn;
  if (same_ignoring_case(name, "critical")) return Level::kFatal;
  return std::nullopt;
}

}  // namespace waybill
