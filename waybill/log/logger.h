// Logger: what code writes its log records with.
//
// A small handle, cheap to copy and to pass; thread-safe. Format strings are fmt's, checked when
// the program is compiled. A call whose level is disabled costs one comparison and evaluates no
// format. No call throws: a formatter that does leaves its error in the message.
#pragma once

#include <atomic>
#include <initializer_list>
#include <memory>
#include <source_location>
#include <string_view>
#include <type_traits>
#include <utility>

#include <fmt/core.h>

#include <waybill/core/context.h>
#include <waybill/core/field.h>
#include <waybill/log/level.h>

namespace waybill {

namespace internal {
struct NamedLogger;
class BoundFields;
}  // namespace internal

// A format string, checked against Args, and the place of the call.
template <class... Args>
struct BasicLogFormatString {
  template <class Text>
  consteval BasicLogFormatString(const Text& format,
                                 std::source_location call = std::source_location::current())
      : text(format), where(call) {}

  fmt::format_string<Args...> text;
  std::source_location where;
};
template <class... Args>
using LogFormatString = BasicLogFormatString<std::type_identity_t<Args>...>;

class Logger {
 public:
  // `log.info("text {}", argument)`, or, with fields of the record's own in front,
  // `log.info({{"zip", zip}}, "text {}", argument)`.
#define WAYBILL_LOG_LEVEL(function, level)                                                  \
  template <class... Args>                                                                  \
  void function(LogFormatString<Args...> format, Args&&... args) const noexcept {           \
    log(level, Fields{}, format, std::forward<Args>(args)...);                              \
  }                                                                                         \
  template <class... Args>                                                                  \
  void function(std::initializer_list<Field> fields, LogFormatString<Args...> format,       \
                Args&&... args) const noexcept {                                            \
    log(level, Fields(fields.begin(), fields.size()), format, std::forward<Args>(args)...); \
  }
  WAYBILL_LOG_LEVEL(trace, Level::kTrace)
  WAYBILL_LOG_LEVEL(debug, Level::kDebug)
  WAYBILL_LOG_LEVEL(info, Level::kInfo)
  WAYBILL_LOG_LEVEL(warn, Level::kWarn)
  WAYBILL_LOG_LEVEL(error, Level::kError)
  WAYBILL_LOG_LEVEL(fatal, Level::kFatal)
#undef WAYBILL_LOG_LEVEL

  // The same with a level and fields known only at run time.
  template <class... Args>
  void log(Level level, Fields fields, LogFormatString<Args...> format,
           Args&&... args) const noexcept {
    if (!enabled(level)) return;
    write(level, fields, fmt::string_view(format.text), fmt::make_format_args(args...),
          format.where);
  }

  bool enabled(Level level) const noexcept {
    return level >= level_->load(std::memory_order_relaxed);
  }

  // A logger of the same name whose records all carry these fields too.
  [[nodiscard]] Logger with(std::initializer_list<Field> fields) const;

  std::string_view name() const noexcept;

 private:
  friend Logger logger(std::string_view name);

  explicit Logger(const internal::NamedLogger& named) noexcept;
  void write(Level level, Fields fields, fmt::string_view format, fmt::format_args args,
             const std::source_location& where) const noexcept;

  const internal::NamedLogger* named_;
  const std::atomic<Level>* level_;
  std::shared_ptr<const internal::BoundFields> bound_;
};

// The logger of this name; the same one for the same name. Keep it rather than ask for each call:
// this looks the name up under a lock.
Logger logger(std::string_view name);

}  // namespace waybill
