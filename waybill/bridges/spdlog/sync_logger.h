// A logger that calls its sinks itself. What is kept for later, in a ring buffer or the backtrace,
// takes the context of its call along.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <waybill/bridges/spdlog/traced_logger.h>
#include <waybill/core/context.h>

namespace waybill::spdlog_bridge::detail {

class SyncLogger final : public TracedLogger {
 public:
  SyncLogger(const spdlog::logger& settings, std::string name) : TracedLogger(settings) {
    name_ = std::move(name);
  }

  std::shared_ptr<spdlog::logger> clone(std::string name) override {
    return std::make_shared<SyncLogger>(*this, std::move(name));
  }

 protected:
  void sink_it_(const Message& msg) override {
    if (!is_call(msg)) {
      unpack_and_hand_over(msg);
    } else {
      const RecordContext context(Context::current());
      const HandedOver handed_over(msg, context);
      hand_over(msg);
    }
    if (should_flush_(msg)) flush_();
    if (is_call(msg) && tracer_.enabled()) {
      pack_for_backtrace(msg, {msg.logger_name, Context::current()});
    }
  }
};

}  // namespace waybill::spdlog_bridge::detail
