#include <charconv>
#include <utility>

#include <cli/severity.h>

namespace waybill::cli {

namespace {

constexpr std::size_t kLongestName = 13;

constexpr std::pair<std::string_view, Severity> kNames[] = {
    {"INFO", Severity::kInfo},      {"WARN", Severity::kWarn},
    {"ERROR", Severity::kError},    {"DEBUG", Severity::kDebug},
    {"WARNING", Severity::kWarn},   {"TRACE", Severity::kTrace},
    {"FATAL", Severity::kFatal},    {"INFORMATION", Severity::kInfo},
    {"NOTICE", Severity::kInfo},    {"INFORMATIONAL", Severity::kInfo},
    {"ERR", Severity::kError},      {"SEVERE", Severity::kError},
    {"CRITICAL", Severity::kFatal}, {"CRIT", Severity::kFatal},
    {"ALERT", Severity::kFatal},    {"EMERGENCY", Severity::kFatal},
    {"EMERG", Severity::kFatal},    {"PANIC", Severity::kFatal},
    {"DPANIC", Severity::kFatal},   {"VERBOSE", Severity::kTrace},
    {"FINE", Severity::kDebug},     {"FINEST", Severity::kTrace},
};

}  // namespace

std::optional<Severity> parse_severity(std::string_view text) noexcept {
  if (text.empty() || text.size() > kLongestName) return std::nullopt;
  char upper[kLongestName];
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    upper[i] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  const std::string_view name(upper, text.size());
  for (const auto& [spelling, severity] : kNames) {
    if (name == spelling) return severity;
  }
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return severity_from_number(number);
}

std::optional<Severity> severity_from_number(std::int64_t number) noexcept {
  if (number < 10 || number >= 70) return std::nullopt;
  return static_cast<Severity>(number / 10);
}

std::string_view severity_name(Severity severity) noexcept {
  constexpr std::string_view kSpellings[] = {"",     "TRACE", "DEBUG", "INFO",
                                             "WARN", "ERROR", "FATAL"};
  return kSpellings[static_cast<std::size_t>(severity)];
}

}  // namespace waybill::cli
