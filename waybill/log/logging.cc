#include <deque>
#include <mutex>
#include <utility>

#include <pthread.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/registry.h>
#include <waybill/log/logging.h>

namespace waybill {
namespace {

struct Registry {
  std::mutex mutex;
  std::deque<internal::NamedLogger> loggers;  // a deque: loggers stay where they are
  std::deque<LogOptions> set_ups;             // all there ever were; the last is the current one
  std::atomic<const LogOptions*> current;

  Registry() : current(&set_ups.emplace_back()) {
    set_ups.back().outputs = {{text_format(), stderr_sink()}};
  }

  // A fork waits until nobody holds the lock, so that the child can have it.
  static void survive_forks();

  internal::NamedLogger& find_or_add(std::string_view name) {
    for (internal::NamedLogger& logger : loggers) {
      if (logger.name == name) return logger;
    }
    return loggers.emplace_back(std::string(name), set_ups.back().level);
  }

  void set_level_of_all(Level level) noexcept {
    set_ups.back().level = level;
    for (internal::NamedLogger& logger : loggers) {
      if (!logger.has_own_level) logger.level.store(level, std::memory_order_relaxed);
    }
  }
};

Registry& registry() {
  static Registry& forever = []() -> Registry& {
    auto& made = *new Registry;
    Registry::survive_forks();
    return made;
  }();
  return forever;
}

void Registry::survive_forks() {
  pthread_atfork([] { registry().mutex.lock(); }, [] { registry().mutex.unlock(); },
                 [] { registry().mutex.unlock(); });
}

std::atomic<std::uint64_t> dropped_records = 0;

}  // namespace

namespace internal {

const NamedLogger& find_or_add_logger(std::string_view name) {
  const std::lock_guard lock(registry().mutex);
  return registry().find_or_add(name);
}

const LogOptions& log_options() noexcept {
  return *registry().current.load(std::memory_order_acquire);
}

void count_dropped_record() noexcept {
  dropped_records.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace internal

void configure_logging(LogOptions options) {
  for (const LogOutput& output : options.outputs) {
    if (output.format == nullptr || output.sink == nullptr) {
      throw Error::bad_option("outputs", "null", "a format and a sink in each output");
    }
  }
  if (options.outputs.empty()) options.outputs = {{text_format(), stderr_sink()}};
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  const LogOptions& added = all.set_ups.emplace_back(std::move(options));
  all.set_level_of_all(added.level);
  all.current.store(&added, std::memory_order_release);
}

void set_log_level(Level level) noexcept {
  const std::lock_guard lock(registry().mutex);
  registry().set_level_of_all(level);
}

void set_log_level(std::string_view logger, Level level) {
  const std::lock_guard lock(registry().mutex);
  internal::NamedLogger& named = registry().find_or_add(logger);
  named.has_own_level = true;
  named.level.store(level, std::memory_order_relaxed);
}

std::uint64_t dropped_log_records() noexcept {
  return dropped_records.load(std::memory_order_relaxed);
}

}  // namespace waybill
