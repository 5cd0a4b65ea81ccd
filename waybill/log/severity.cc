#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include <waybill/core/ascii.h>
#include <waybill/log/severity.h>

namespace waybill {
namespace {

constexpr std::array<std::string_view, 25> kShortNames = {
    "",       "TRACE",  "TRACE2", "TRACE3", "TRACE4", "DEBUG",  "DEBUG2", "DEBUG3", "DEBUG4",
    "INFO",   "INFO2",  "INFO3",  "INFO4",  "WARN",   "WARN2",  "WARN3",  "WARN4",  "ERROR",
    "ERROR2", "ERROR3", "ERROR4", "FATAL",  "FATAL2", "FATAL3", "FATAL4"};

struct Name {
  std::string_view text;
  int number;
};

// OpenTelemetry, Logs Data Model, Appendix B.
constexpr Name kSyslog[] = {{"Debug", 5},  {"Informational", 9}, {"Notice", 10}, {"Warning", 13},
                            {"Error", 17}, {"Critical", 18},     {"Alert", 19},  {"Emergency", 21}};
constexpr Name kLog4j[] = {{"TRACE", 1}, {"DEBUG", 5},  {"INFO", 9},
                           {"WARN", 13}, {"ERROR", 17}, {"FATAL", 21}};
constexpr Name kZap[] = {{"Debug", 5},   {"Info", 9},   {"Warn", 13}, {"Error", 17},
                         {"Dpanic", 18}, {"Panic", 19}, {"Fatal", 21}};
constexpr Name kJavaUtilLogging[] = {{"FINEST", 1}, {"FINER", 5},    {"FINE", 6},   {"CONFIG", 7},
                                     {"INFO", 9},   {"WARNING", 13}, {"SEVERE", 17}};
constexpr Name kDotnet[] = {{"Trace", 1},    {"Debug", 5},  {"Information", 9},
                            {"Warning", 13}, {"Error", 17}, {"Critical", 21}};
constexpr Name kWindowsEventLog[] = {
    {"Verbose", 5}, {"Information", 9}, {"Warning", 13}, {"Error", 17}, {"Critical", 18}};
constexpr Name kEtw[] = {
    {"VERBOSE", 5}, {"INFO", 9}, {"WARNING", 13}, {"ERROR", 17}, {"CRITICAL", 21}};
constexpr Name kGoogleCloud[] = {
    {"DEFAULT", 0},   {"DEBUG", 5},     {"INFO", 9},        {"NOTICE", 11},    {"WARNING", 13},
    {"ERROR", 17},    {"CRITICAL", 21}, {"ALERT", 23},      {"EMERGENCY", 24}, {"TRACE", 1},
    {"TRACE_INT", 1}, {"FINEST", 1},    {"FINER", 5},       {"FINE", 6},       {"CONFIG", 7},
    {"D", 5},         {"I", 9},         {"INFORMATION", 9}, {"N", 11},         {"W", 13},
    {"WARN", 13},     {"E", 17},        {"ERR", 17},        {"SEVERE", 17},    {"C", 21},
    {"CRIT", 21},     {"F", 21},        {"FATAL", 21},      {"A", 23},         {"EMERG", 24}};

std::span<const Name> names_of(SeverityDialect dialect) noexcept {
  switch (dialect) {
    case SeverityDialect::kSyslog:
      return kSyslog;
    case SeverityDialect::kLog4j:
      return kLog4j;
    case SeverityDialect::kZap:
      return kZap;
    case SeverityDialect::kJavaUtilLogging:
      return kJavaUtilLogging;
    case SeverityDialect::kDotnet:
      return kDotnet;
    case SeverityDialect::kWindowsEventLog:
      return kWindowsEventLog;
    case SeverityDialect::kEtw:
      return kEtw;
    case SeverityDialect::kGoogleCloud:
      return kGoogleCloud;
  }
  return {};
}

// In their order, a hundred from one to the next.
constexpr std::array<Name, 9> kGoogleSeverities = {{{"DEFAULT", 0},
                                                    {"DEBUG", 5},
                                                    {"INFO", 9},
                                                    {"NOTICE", 11},
                                                    {"WARNING", 13},
                                                    {"ERROR", 17},
                                                    {"CRITICAL", 21},
                                                    {"ALERT", 23},
                                                    {"EMERGENCY", 24}}};

std::optional<int> from_google_number(std::string_view text) noexcept {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const bool fits = std::from_chars(text.data(), end, number).ec == std::errc{};
  const std::size_t last = kGoogleSeverities.size() - 1;
  return kGoogleSeverities[fits ? std::min(number / 100, last) : last].number;
}

std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string_view without_number(std::string_view text) noexcept {
  const std::size_t open = text.rfind(" (");
  return open != std::string_view::npos && text.back() == ')' ? text.substr(0, open) : text;
}

}  // namespace

std::string_view severity_short_name(int severity_number) noexcept {
  if (severity_number < 1 || severity_number > 24) return {};
  return kShortNames[static_cast<std::size_t>(severity_number)];
}

std::optional<int> severity_number_from_text(std::string_view text,
                                             SeverityDialect dialect) noexcept {
  text = without_number(without_blanks(text));
  for (const Name& name : names_of(dialect)) {
    if (ascii::same_ignoring_case(name.text, text)) return name.number;
  }
  if (dialect == SeverityDialect::kGoogleCloud) return from_google_number(text);
  return std::nullopt;
}

GoogleSeverity google_severity(int severity_number) noexcept {
  std::size_t i = 0;
  if (severity_number >= 1 && severity_number <= 24) {
    // DEBUG is for what is less than it too.
    i = 1;
    while (i + 1 < kGoogleSeverities.size() && kGoogleSeverities[i + 1].number <= severity_number) {
      ++i;
    }
  }
  return {kGoogleSeverities[i].text, static_cast<int>(100 * i)};
}

}  // namespace waybill
