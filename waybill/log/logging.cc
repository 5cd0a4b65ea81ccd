#include <deque>
#include <mutex>
#include <utility>

#include <pthread.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/level_list.h>
#include <waybill/log/internal/log_consumer.h>
#include <waybill/log/internal/registry.h>
#include <waybill/log/logging.h>

namespace waybill {
namespace {

std::unique_ptr<internal::LogOutputs> standard_error() {
  return std::make_unique<internal::LogOutputs>(
      LogOptions{.outputs = {{text_format(), stderr_sink()}}});
}

struct Registry {
  std::mutex mutex;
  std::deque<internal::NamedLogger> loggers;  // a deque: loggers stay where they are
  Level level = Level::kInfo;
  internal::NamedLogger& self = find_or_add("waybill");
  internal::LogConsumer consumer{standard_error(), internal::logger_of(self)};

  internal::NamedLogger& find_or_add(std::string_view name) {
    for (internal::NamedLogger& logger : loggers) {
      if (logger.name == name) return logger;
    }
    return loggers.emplace_back(std::string(name), level);
  }

  void set_level_of_all(Level all) noexcept {
    level = all;
    for (internal::NamedLogger& logger : loggers) {
      if (!logger.has_own_level) logger.level.store(all, std::memory_order_relaxed);
    }
  }

  void set_level(std::string_view name, Level own) {
    internal::NamedLogger& named = find_or_add(name);
    named.has_own_level = true;
    named.level.store(own, std::memory_order_relaxed);
  }

  void set_levels(const internal::LevelList& levels) {
    if (levels.all) set_level_of_all(*levels.all);
    for (const auto& [name, own] : levels.loggers) set_level(name, own);
  }
};

Registry& registry() {
  static Registry& forever = []() -> Registry& {
    auto& made = *new Registry;
    detail::register_consumer(detail::RecordKind::kLog, made.consumer);
    // A fork waits until nobody holds the lock, so that the child can have it.
    pthread_atfork([] { registry().mutex.lock(); }, [] { registry().mutex.unlock(); },
                   [] { registry().mutex.unlock(); });
    return made;
  }();
  return forever;
}

// Made when the library is loaded, before there is a second thread: where a thread made it on first
// use, the child of a fork in that moment would wait for it for ever.
[[maybe_unused]] const Registry& made_at_load = registry();

void check(const LogOutput& output) {
  const bool lines = output.format != nullptr && output.sink != nullptr;
  if (lines != (output.records != nullptr)) return;
  throw Error::bad_option("outputs", "an incomplete one",
                          "a format and a sink, or a sink of records, in each output");
}

}  // namespace

const internal::NamedLogger& internal::find_or_add_logger(std::string_view name) {
  const std::lock_guard lock(registry().mutex);
  return registry().find_or_add(name);
}

void configure_logging(LogOptions options) {
  if (detail::is_consuming()) throw Error("configure_logging() was called from a sink or a format");
  for (const LogOutput& output : options.outputs) check(output);
  if (options.outputs.empty()) options.outputs = {{text_format(), stderr_sink()}};
  const internal::LevelList levels = internal::parse_levels(options.levels);
  auto outputs = std::make_unique<internal::LogOutputs>(options);
  Registry& all = registry();
  {
    const std::lock_guard lock(all.mutex);
    all.set_level_of_all(options.level);
    all.set_levels(levels);
  }
  detail::between_passes([&] { outputs = all.consumer.exchange(std::move(outputs)); });
}

void set_log_level(Level level) noexcept {
  const std::lock_guard lock(registry().mutex);
  registry().set_level_of_all(level);
}

void set_log_level(std::string_view logger, Level level) {
  const std::lock_guard lock(registry().mutex);
  registry().set_level(logger, level);
}

void check_log_levels(std::string_view levels, std::string_view option) {
  (void)internal::parse_levels(levels, option);
}

void set_log_levels(std::string_view levels) {
  const internal::LevelList parsed = internal::parse_levels(levels);
  const std::lock_guard lock(registry().mutex);
  registry().set_levels(parsed);
}

}  // namespace waybill
