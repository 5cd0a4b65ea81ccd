// Logger: what code writes its log records with.
//
// A small handle, cheap to copy and to pass; thread-safe. Format strings are fmt's, checked when
// the program is compiled. A call whose level is disabled costs one comparison. Otherwise the call
// copies its arguments, the time and what it needs of the ambient context into the thread's ring
// (pipeline.h); the message is made on the background thread, and says what was true at the call.
// argument.h lists what can be copied; a call with anything else is formatted on the spot. No call
// throws: a formatter that does leaves its error in the message.
//
//   log.info("Fetching weather for ZIP {}", zip);
//   log.info("Fetched {bytes} bytes", fmt::arg("bytes", size));     // and bytes is a field, too
//   log.error({{"attempt", 3}}, "Gave up: {}", exception);          // exception.type, .message,
//   too log.every(1s).warn("Queue is full");                            // once a second at most
#pragma once

#include <atomic>
#include <chrono>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <tuple>
#include <utility>

#include <waybill/core/context.h>
#include <waybill/core/field.h>
#include <waybill/log/level.h>
#include <waybill/log/level_functions.h>
#include <waybill/log/log_entry.h>

namespace waybill {

class RateLimitedLogger;
class Logger;

namespace internal {
Logger logger_of(const NamedLogger& named) noexcept;
}

class Logger : public LevelFunctions<Logger> {
 public:
  // info() and its like, with a level and fields known only at run time. Of more than 255 fields
  // the rest is left out.
  template <class... Args>
  void log(Level level, Fields fields, LogFormatString<Args...> format,
           const Args&... args) const noexcept {
    if (enabled(level)) write(level, fields, format, args...);
  }

  bool enabled(Level level) const noexcept {
    return level >= level_->load(std::memory_order_relaxed);
  }

  // A logger of the same name whose records all carry these fields too.
  [[nodiscard]] Logger with(std::initializer_list<Field> fields) const;

  // For calls in loops: each call site that uses it writes at most one record an interval, which
  // says in the field `suppressed` how many there were that it did not write.
  [[nodiscard]] RateLimitedLogger every(std::chrono::nanoseconds interval) const noexcept;

  std::string_view name() const noexcept;

 private:
  friend Logger logger(std::string_view name);
  friend class RateLimitedLogger;
  friend Logger internal::logger_of(const internal::NamedLogger& named) noexcept;

  explicit Logger(const internal::NamedLogger& named) noexcept;

  template <class... Args>
  void write(Level level, Fields fields, const LogFormatString<Args...>& format,
             const Args&... args) const noexcept {
    if constexpr ((detail::ArgumentSlot<Args>::kDeferred && ...)) {
      write_prepared<Args...>(level, fields, format.text, format.where,
                              detail::ArgumentSlot<Args>::prepare(args)...);
    } else {
      detail::MessageBuilder message;
      detail::show_arguments<Args...>(format.text, message, args...);
      write_message(level, fields, format.text, format.where, message);
    }
  }

  template <class... Args, class... Prepared>
  void write_prepared(Level level, Fields fields, fmt::string_view format,
                      const std::source_location& where,
                      const Prepared&... prepared) const noexcept {
    std::size_t size =
        sizeof(detail::LogEntry) + (detail::ArgumentSlot<Args>::size(prepared) + ... + 0);
    if (!fields.empty()) size += detail::fields_size(fields);
    const detail::RecordShape shape = detail::log_shape(size, level, fields.size());
    const auto writer = detail::RecordWriter::begin(shape);
    if (!writer) [[unlikely]]
      return;
    char* out = begin_entry(writer.payload(), format, &detail::decode_arguments<Args...>, where);
    (detail::ArgumentSlot<Args>::write(out, prepared), ...);
    if (!fields.empty()) detail::put_fields(out, fields);
    writer.commit(shape.size);
  }

  char* begin_entry(char* payload, fmt::string_view format, detail::DecodeArguments decode,
                    const std::source_location& where) const noexcept {
    auto* entry = reinterpret_cast<detail::LogEntry*>(payload);
    entry->logger = named_;
    entry->logger_fields = detail::RecordedContext::of_recorded(own_fields_);
    entry->format = format.data();
    entry->decode = decode;
    entry->where = where;
    entry->format_size = static_cast<std::uint32_t>(format.size());
    return reinterpret_cast<char*>(entry + 1);
  }

  void write_message(Level level, Fields fields, fmt::string_view format,
                     const std::source_location& where,
                     detail::MessageBuilder& message) const noexcept;

  const internal::NamedLogger* named_;
  const std::atomic<Level>* level_;
  Context own_fields_;  // without a trace: a set of fields that owns its texts
};

// The logger of this name; the same one for the same name. Keep it rather than ask for each call:
// this looks the name up under a lock.
Logger logger(std::string_view name);

// What Logger::every() returns; refers to the logger.
class RateLimitedLogger : public LevelFunctions<RateLimitedLogger> {
 public:
  template <class... Args>
  void log(Level level, Fields fields, LogFormatString<Args...> format,
           const Args&... args) const noexcept {
    if (!logger_.enabled(level)) return;
    const Permission permission = ask(format.where);
    if (!permission.granted) return;
    if (permission.suppressed == 0) return logger_.write(level, fields, format, args...);
    WithSuppressed all(fields, permission.suppressed);
    logger_.write(level, all.fields(), format, args...);
  }

 private:
  friend class Logger;

  struct Permission {
    bool granted;
    std::uint64_t suppressed;  // since the last one that was granted
  };
  // The fields of a call, and how many records it stands for.
  class WithSuppressed {
   public:
    WithSuppressed(Fields fields, std::uint64_t suppressed) noexcept;
    Fields fields() const noexcept { return {fields_, size_}; }

   private:
    static constexpr std::size_t kMost = 16;
    Field fields_[kMost + 1];
    std::size_t size_ = 0;
  };

  RateLimitedLogger(const Logger& logger, std::chrono::nanoseconds interval) noexcept
      : logger_(logger), interval_(interval) {}
  Permission ask(const std::source_location& where) const noexcept;

  const Logger& logger_;
  std::chrono::nanoseconds interval_;
};

inline RateLimitedLogger Logger::every(std::chrono::nanoseconds interval) const noexcept {
  return {*this, interval};
}

}  // namespace waybill
