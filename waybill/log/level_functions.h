// LevelFunctions: info(), warn() and their like, in terms of Log::log().
#pragma once

#include <initializer_list>
#include <source_location>
#include <type_traits>

#include <fmt/core.h>

#include <waybill/core/field.h>
#include <waybill/log/argument.h>
#include <waybill/log/level.h>

namespace waybill {

// A format string, checked against Args, and the place of the call.
template <class... Args>
struct BasicLogFormatString {
  template <class Text>
  consteval BasicLogFormatString(const Text& format,
                                 std::source_location call = std::source_location::current())
      : text(format), where(call) {
    [[maybe_unused]] const fmt::format_string<typename detail::ArgumentSlot<Args>::Checked...>
        checked(format);
  }

  fmt::string_view text;
  std::source_location where;
};
template <class... Args>
using LogFormatString = BasicLogFormatString<std::type_identity_t<Args>...>;

template <class Log>
class LevelFunctions {
 public:
  // `log.info("text {}", argument)`, or, with fields of the record's own in front,
  // `log.info({{"zip", zip}}, "text {}", argument)`.
#define WAYBILL_LOG_LEVEL(function, level)                                             \
  template <class... Args>                                                             \
  void function(LogFormatString<Args...> format, const Args&... args) const noexcept { \
    self().log(level, Fields{}, format, args...);                                      \
  }                                                                                    \
  template <class... Args>                                                             \
  void function(std::initializer_list<Field> fields, LogFormatString<Args...> format,  \
                const Args&... args) const noexcept {                                  \
    self().log(level, Fields(fields.begin(), fields.size()), format, args...);         \
  }
  WAYBILL_LOG_LEVEL(trace, Level::kTrace)
  WAYBILL_LOG_LEVEL(debug, Level::kDebug)
  WAYBILL_LOG_LEVEL(info, Level::kInfo)
  WAYBILL_LOG_LEVEL(warn, Level::kWarn)
  WAYBILL_LOG_LEVEL(error, Level::kError)
  WAYBILL_LOG_LEVEL(fatal, Level::kFatal)
#undef WAYBILL_LOG_LEVEL

 private:
  const Log& self() const noexcept { return static_cast<const Log&>(*this); }
};

}  // namespace waybill
