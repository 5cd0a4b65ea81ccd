// What the two kinds of traced loggers have in common: how records get to the sinks.
#pragma once

#include <cstring>
#include <exception>
#include <string>
#include <typeinfo>

#include <spdlog/logger.h>
#include <spdlog/sinks/ringbuffer_sink.h>

#include <waybill/bridges/spdlog/packed_name.h>
#include <waybill/bridges/spdlog/records.h>

namespace waybill::spdlog_bridge::detail {

// Keeps records, to format them whenever it is asked to.
inline bool stores_records(const spdlog::sinks::sink& sink) noexcept {
  const std::type_info& type = typeid(sink);
  return type == typeid(spdlog::sinks::ringbuffer_sink_mt) ||
         type == typeid(spdlog::sinks::ringbuffer_sink_st);
}

class TracedLogger : public spdlog::logger {
 protected:
  using Message = spdlog::details::log_msg;

  explicit TracedLogger(const spdlog::logger& settings) : spdlog::logger(settings) {}

  // Whether the record comes from its call, and not from the backtrace.
  bool is_call(const Message& msg) const noexcept { return msg.logger_name.data() == name_.data(); }

  // To this logger's sinks, the name clean.
  void hand_over(const Message& msg) {
    for (auto& sink : sinks_) {
      if (!sink->should_log(msg.level)) continue;
      guarded(msg.source, [&] { stores_records(*sink) ? sink->log(kept(msg)) : sink->log(msg); });
    }
  }

  // The same for a record that brings its context in its name. Without: it has none.
  void unpack_and_hand_over(const Message& msg) {
    Message clean(msg);
    RecordContext context;
    if (const auto unpacked = PackedName::unpack(msg.logger_name)) {
      clean.logger_name = unpacked->name;
      context = unpacked->context;
    }
    const HandedOver handed_over(clean, context);
    hand_over(clean);
  }

  void flush_sinks() {
    for (auto& sink : sinks_) {
      guarded({}, [&] { sink->flush(); });
    }
  }

  // What the backtrace is about to copy gets its context. spdlog's record is a local variable of
  // the log call and no constant; it is done with but for that copy.
  static void pack_for_backtrace(const Message& msg, const PackedName& name) noexcept {
    static thread_local constinit char kept_name[512];
    const auto packed = name.view();
    if (packed.size() > sizeof kept_name) return;
    std::memcpy(kept_name, packed.data(), packed.size());
    const_cast<Message&>(msg).logger_name = {kept_name, packed.size()};
  }

 private:
  // What a sink throws goes to the error handler, as spdlog's own loggers have it.
  template <class Action>
  void guarded(const spdlog::source_loc& where, Action&& action) {
    try {
      action();
    } catch (const std::exception& error) {
      std::string text = error.what();
      if (where.filename != nullptr) {
        text.append(" [").append(where.filename).append("(");
        text.append(std::to_string(where.line)).append(")]");
      }
      err_handler_(text);
    } catch (...) {
      err_handler_("Rethrowing unknown exception in logger");
      throw;
    }
  }
};

}  // namespace waybill::spdlog_bridge::detail
