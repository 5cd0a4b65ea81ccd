// spdlog: existing loggers print the ids of the context that was current at each call.
//
//   #include <waybill/bridges/spdlog.h>
//   waybill::spdlog_bridge::install("[%H:%M:%S.%e] [{trace_id}] [{job_id}] [%^%l%$] %v {fields}");
//
//   spdlog::info("Fetching weather for ZIP {}", zip);     // as before
//   // [12:00:01.042] [batch-job-2025-10-21] [J-1042] [info] Fetching weather for ZIP 98101
//
// Log calls stay as they are. Loggers behind spdlog's own queue are right too: the ids are taken at
// the call and travel with the record, as bytes; nothing is counted or locked for them, and a
// record that the queue drops takes them with it. Sinks see names and texts as they always were.
//
// For programs that use spdlog 1.10 or later (CMake: find_package(spdlog), spdlog::spdlog). Sinks
// and formatters of one's own find the context by record_context(), in spdlog/records.h. Set-up
// functions throw waybill::Error for a bad pattern; log calls do what spdlog's do.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

#include <spdlog/async.h>
#include <spdlog/spdlog.h>

#include <waybill/bridges/spdlog/async_logger.h>
#include <waybill/bridges/spdlog/formatter.h>
#include <waybill/bridges/spdlog/json_formatter.h>
#include <waybill/bridges/spdlog/pattern.h>
#include <waybill/bridges/spdlog/records.h>
#include <waybill/bridges/spdlog/sync_logger.h>
#include <waybill/core/ids.h>

#if SPDLOG_VERSION < 11000
#error "waybill/bridges/spdlog.h needs spdlog 1.10 or later"
#endif

namespace waybill::spdlog_bridge {

inline constexpr std::string_view kDefaultPattern =
    "[%Y-%m-%d %H:%M:%S.%e] [{trace_id}] [%n] [%^%l%$] %v {fields}";

struct FormatterOptions {
  spdlog::pattern_time_type time = spdlog::pattern_time_type::local;
  TraceIdSpelling trace_id = TraceIdSpelling::kHex;
  // Flags of one's own, as for spdlog::pattern_formatter.
  spdlog::pattern_formatter::custom_flags flags = {};
};

// A formatter for spdlog's sinks and loggers. `pattern` is one of spdlog's, in which named parts
// may stand in braces, each optionally with a least width, as in "{job_id:8}":
//
//   trace_id                  the trace's name where it has one, else its id
//   span_id, parent_span_id   16 hex digits
//   trace_flags               2 hex digits
//   fields                    all fields that the pattern does not name elsewhere, as key=value;
//                             without any, the blank in front of it goes too
//   message, logger           as %v and %n, with control characters and the like as \n or \x1b:
//                             what one call says stays on one line
//   any other name            the field of that name
//
// What the record does not have reads "-". A literal brace is written twice. Throws Error for a
// part that is unclosed or empty, or that is one of spdlog's flags by another name.
inline std::unique_ptr<spdlog::formatter> formatter(std::string_view pattern = kDefaultPattern,
                                                    FormatterOptions options = {}) {
  detail::PatternParser parsed(pattern, options.trace_id, std::move(options.flags));
  return std::make_unique<detail::ContextFormatter>(std::make_unique<spdlog::pattern_formatter>(
      parsed.take_pattern(), options.time, spdlog::details::os::default_eol, parsed.take_flags()));
}

// A logger with the same name, sinks, levels, handlers, and, behind an async_logger, the same queue
// and overflow policy; its records take the context of their call along. Formatters stay: see
// formatter(). It is not registered, and does not follow what is later set on `logger`.
//
// For asynchronous loggers, and for synchronous ones with a backtrace or a ringbuffer_sink (others
// print the right ids without). A logger of a class of one's own, or one that is traced already, is
// returned as it is. A backtrace has the ids of those records alone that the level let through:
// spdlog keeps the others without asking their logger, and they read "-".
inline std::shared_ptr<spdlog::logger> traced(const std::shared_ptr<spdlog::logger>& logger) {
  if (logger == nullptr) return logger;
  const spdlog::logger& settings = *logger;
  if (const auto* queue = dynamic_cast<const spdlog::async_logger*>(&settings)) {
    return detail::AsyncLogger::make(settings, *queue, settings.name());
  }
  if (typeid(settings) == typeid(spdlog::logger)) {
    return std::make_shared<detail::SyncLogger>(settings, settings.name());
  }
  return logger;
}

namespace detail {

inline bool needs_tracing(const spdlog::logger& logger) {
  if (typeid(logger) == typeid(spdlog::async_logger) || logger.should_backtrace()) return true;
  for (const auto& sink : logger.sinks()) {
    if (sink != nullptr && stores_records(*sink)) return true;
  }
  return false;
}

}  // namespace detail

// Gives all registered loggers, the default one included, and those registered later this formatter
// (formatter(), or json_formatter() for lines of JSON), or this pattern, and replaces those that
// need it, asynchronous ones above all, by traced() ones.
//
// To be called once spdlog is set up, before loggers are handed out and other threads log: a
// pointer to a replaced logger that was taken earlier leads to the old one, whose lines read "-" if
// it is asynchronous. An asynchronous logger that is created later has to come from create_async()
// or async_factory below, or be made traced() before it is registered; or install() is called
// again, as after giving a synchronous logger a backtrace or a ringbuffer_sink. A later
// spdlog::set_pattern() takes the ids away.
inline void install(std::unique_ptr<spdlog::formatter> formatter) {
  spdlog::set_formatter(std::move(formatter));

  std::vector<std::shared_ptr<spdlog::logger>> found;
  spdlog::apply_all([&found](const std::shared_ptr<spdlog::logger>& logger) {
    if (detail::needs_tracing(*logger)) found.push_back(logger);
  });
  for (const auto& logger : found) {
    const auto replacement = traced(logger);
    if (replacement == logger) continue;
    if (logger == spdlog::default_logger()) {
      spdlog::set_default_logger(replacement);
    } else {
      spdlog::drop(logger->name());
      spdlog::register_logger(replacement);
    }
  }
}

inline void install(std::string_view pattern = kDefaultPattern, FormatterOptions options = {}) {
  install(formatter(pattern, std::move(options)));
}

// In place of spdlog::async_factory, as in spdlog::basic_logger_mt<async_factory>("name", "path").
template <spdlog::async_overflow_policy kPolicy>
struct AsyncFactory {
  template <class Sink, class... SinkArgs>
  static std::shared_ptr<spdlog::logger> create(std::string name, SinkArgs&&... sink_args) {
    auto& registry = spdlog::details::registry::instance();
    const std::lock_guard lock(registry.tp_mutex());
    auto pool = registry.get_tp();
    if (pool == nullptr) {
      pool =
          std::make_shared<spdlog::details::thread_pool>(spdlog::details::default_async_q_size, 1U);
      registry.set_tp(pool);
    }
    const spdlog::async_logger queue(
        name, std::make_shared<Sink>(std::forward<SinkArgs>(sink_args)...), pool, kPolicy);
    auto logger = detail::AsyncLogger::make(queue, queue, std::move(name));
    registry.initialize_logger(logger);
    return logger;
  }
};

using async_factory = AsyncFactory<spdlog::async_overflow_policy::block>;
using async_factory_nonblock = AsyncFactory<spdlog::async_overflow_policy::overrun_oldest>;

// In place of spdlog::create_async and spdlog::create_async_nb.
template <class Sink, class... SinkArgs>
std::shared_ptr<spdlog::logger> create_async(std::string name, SinkArgs&&... sink_args) {
  return async_factory::create<Sink>(std::move(name), std::forward<SinkArgs>(sink_args)...);
}
template <class Sink, class... SinkArgs>
std::shared_ptr<spdlog::logger> create_async_nb(std::string name, SinkArgs&&... sink_args) {
  return async_factory_nonblock::create<Sink>(std::move(name),
                                              std::forward<SinkArgs>(sink_args)...);
}

}  // namespace waybill::spdlog_bridge
