// LogRecord: what one log call says. It refers to what the call holds and lives no longer.
#pragma once

#include <chrono>
#include <cstddef>
#include <source_location>
#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/core/field.h>
#include <waybill/log/level.h>

namespace waybill {

struct LogRecord {
  std::chrono::system_clock::time_point time = {};
  Level level = Level::kInfo;
  std::string_view logger = {};
  std::string_view service = {};
  std::string_view message = {};
  const Context& context;
  Fields logger_fields = {};
  Fields call_fields = {};
  std::source_location where = {};

  // The value that `key` has in this record, or null: the call's own field wins over the logger's,
  // and that over the context's.
  const Field* find(std::string_view key) const noexcept;

  // Calls visit(const Field&) for each field of the record, once a key: the context's first, then
  // the logger's, then the call's.
  template <class Visit>
  void for_each_field(Visit&& visit) const {
    for (const Fields& source : {context.fields(), logger_fields, call_fields}) {
      for (const Field& field : source) {
        if (find(field.key) == &field) visit(field);
      }
    }
  }
};

// Appends the trace's name where it has one, else its id. Nothing without a trace.
void append_trace_id(std::string& out, const Context& context, TraceIdSpelling spelling);

}  // namespace waybill
