// The context of a record's call, for sinks and formatters of one's own.
//
//   void sink_it_(const spdlog::details::log_msg& msg) override {
//     const auto context = waybill::spdlog_bridge::record_context(msg);
//     if (context.has_trace()) row.trace_id = context.trace_id().to_hex();
//     ...
//   }
#pragma once

#include <utility>

#include <spdlog/details/log_msg.h>
#include <spdlog/details/log_msg_buffer.h>
#include <spdlog/details/os.h>

#include <waybill/bridges/spdlog/packed_name.h>
#include <waybill/bridges/spdlog/record_context.h>
#include <waybill/core/context.h>

namespace waybill::spdlog_bridge {
namespace detail {

// What is being handed to sinks on this thread, where its context is not the ambient one. Its name
// is clean then; the place in memory where it stands tells it from another record's.
class HandedOver {
 public:
  HandedOver(const spdlog::details::log_msg& msg, const RecordContext& context) noexcept
      : name_(msg.logger_name.data()), context_(&context), outer_(std::exchange(t_current, this)) {}
  HandedOver(const HandedOver&) = delete;
  HandedOver& operator=(const HandedOver&) = delete;
  ~HandedOver() { t_current = outer_; }

  static const RecordContext* context_of(const spdlog::details::log_msg& msg) noexcept {
    for (const HandedOver* it = t_current; it != nullptr; it = it->outer_) {
      if (it->name_ == msg.logger_name.data()) return it->context_;
    }
    return nullptr;
  }

 private:
  static inline thread_local constinit const HandedOver* t_current = nullptr;

  const char* name_;
  const RecordContext* context_;
  const HandedOver* outer_;
};

struct NamedRecord {
  spdlog::string_view_t name;
  RecordContext context;
};

inline NamedRecord read_record(const spdlog::details::log_msg& msg) noexcept {
  if (const auto unpacked = PackedName::unpack(msg.logger_name)) {
    return {unpacked->name, unpacked->context};
  }
  if (const RecordContext* context = HandedOver::context_of(msg)) {
    return {msg.logger_name, *context};
  }
  // An ordinary logger's: its call is under way if it is this thread's. Zero: spdlog was built
  // without thread ids.
  const bool of_this_thread =
      msg.thread_id == 0 || msg.thread_id == spdlog::details::os::thread_id();
  return {msg.logger_name, of_this_thread ? RecordContext(Context::current()) : RecordContext()};
}

}  // namespace detail

// The context that was current at the record's call. To be used in a sink's log() or sink_it_(), or
// in a formatter's format(), with the record given there; nothing is known of records that a sink
// copied and handles later, unless it copied them by kept(). Thread-safe.
inline RecordContext record_context(const spdlog::details::log_msg& msg) noexcept {
  return detail::read_record(msg).context;
}

// A copy of the record, for a sink that queues records and formats them later: formatter() and
// record_context() still find its context in it. Its logger_name has bytes at its end that are no
// text; record_name() reads it.
inline spdlog::details::log_msg_buffer kept(const spdlog::details::log_msg& msg) {
  const detail::NamedRecord record = detail::read_record(msg);
  const detail::PackedName name(record.name, record.context);
  spdlog::details::log_msg packed(msg);
  packed.logger_name = name.view();
  return spdlog::details::log_msg_buffer(packed);
}

inline spdlog::string_view_t record_name(const spdlog::details::log_msg& msg) noexcept {
  return detail::read_record(msg).name;
}

}  // namespace waybill::spdlog_bridge
