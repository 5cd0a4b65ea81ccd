// A logger whose records go through spdlog's queue with the context of their call.
//
// spdlog::async_logger is final, so this is two in one: the logger that the program has in its hand
// packs the context; an async_logger, a copy of the one that it stands for, takes the record
// through the queue, and its only sink hands it back to the first, which unpacks it for the real
// sinks.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <spdlog/async_logger.h>
#include <spdlog/sinks/sink.h>

#include <waybill/bridges/spdlog/traced_logger.h>
#include <waybill/core/context.h>

namespace waybill::spdlog_bridge::detail {

// spdlog's protected functions, as any class derived from logger may name them.
struct LoggerFunctions : spdlog::logger {
  static constexpr auto kSinkIt = &LoggerFunctions::sink_it_;
  static constexpr auto kFlush = &LoggerFunctions::flush_;
};

class AsyncLogger final : public TracedLogger {
 public:
  // With the sinks, levels and handlers of `settings` and the thread pool and overflow policy of
  // `queue`. Records in the queue keep it alive, as they do an async_logger.
  static std::shared_ptr<spdlog::logger> make(const spdlog::logger& settings,
                                              const spdlog::async_logger& queue, std::string name) {
    auto* made = new AsyncLogger(settings, queue, std::move(name));
    // From here on queue_'s shared_from_this() counts references to the whole.
    const std::shared_ptr<spdlog::async_logger> whole(
        &made->queue_, [made](spdlog::async_logger*) { delete made; });
    return {whole, made};
  }

  std::shared_ptr<spdlog::logger> clone(std::string name) override {
    return make(*this, queue_, std::move(name));
  }

 protected:
  void sink_it_(const Message& msg) override {
    if (is_call(msg)) {
      const PackedName name(msg.logger_name, Context::current());
      enqueue(msg, name);
      if (tracer_.enabled()) pack_for_backtrace(msg, name);
    } else if (PackedName::unpack(msg.logger_name)) {
      enqueue(msg);
    } else {
      enqueue(msg, {msg.logger_name, RecordContext()});
    }
  }

  void flush_() override { (queue_.*LoggerFunctions::kFlush)(); }

 private:
  // At the other end of the queue, on the pool's threads.
  class FromQueue final : public spdlog::sinks::sink {
   public:
    explicit FromQueue(AsyncLogger& logger) noexcept : logger_(logger) {}

    void log(const Message& msg) override {
      logger_.unpack_and_hand_over(msg);
      if (logger_.should_flush_(msg)) logger_.flush_sinks();
    }
    void flush() override { logger_.flush_sinks(); }
    void set_pattern(const std::string&) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

   private:
    AsyncLogger& logger_;
  };

  AsyncLogger(const spdlog::logger& settings, const spdlog::async_logger& queue, std::string name)
      : TracedLogger(settings), from_queue_(*this), queue_(queue) {
    name_ = std::move(name);
    // A part of this object: no reference to count.
    queue_.sinks() = {spdlog::sink_ptr(std::shared_ptr<void>(), &from_queue_)};
    queue_.flush_on(spdlog::level::off);
    queue_.disable_backtrace();
  }
  ~AsyncLogger() override = default;

  void enqueue(const Message& msg, const PackedName& name) {
    Message packed(msg);
    packed.logger_name = name.view();
    enqueue(packed);
  }
  void enqueue(const Message& msg) { (queue_.*LoggerFunctions::kSinkIt)(msg); }

  FromQueue from_queue_;
  spdlog::async_logger queue_;
};

}  // namespace waybill::spdlog_bridge::detail
