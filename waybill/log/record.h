// LogRecord: what one log call says, as formats and sinks see it. It refers to memory that is
// another record's a moment later: copy what is to be kept.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>
#include <string_view>

#include <waybill/core/field.h>
#include <waybill/core/ids.h>
#include <waybill/log/level.h>
#include <waybill/pipeline/resource.h>

namespace waybill {

struct LogRecord {
  std::chrono::system_clock::time_point time = {};  // of the call; nanoseconds
  Level level = Level::kInfo;
  std::string_view logger = {};
  std::string_view message = {};
  std::string_view message_template = {};  // "Fetched {} in {} ms"

  // Of the context that was current at the call; all zero without a trace.
  TraceId trace_id = {};
  SpanId span_id = {};
  SpanId parent_span_id = {};
  TraceFlags flags = {};
  std::string_view trace_name = {};  // empty: the trace is known by its id

  Fields context_fields = {};
  Fields logger_fields = {};
  Fields call_fields = {};

  std::source_location where = {};  // line() is 0 where it is not known
  std::uint64_t thread_id = 0;      // as the operating system counts, gettid()
  const Resource& resource = no_resource();

  bool has_trace() const noexcept { return trace_id.is_valid(); }

  // The value that `key` has in this record, or null: the call's own field wins over the logger's,
  // and that over the context's.
  const Field* find(std::string_view key) const noexcept;

  // Calls visit(const Field&) for each field of the record, once a key: the context's first, then
  // the logger's, then the call's.
  template <class Visit>
  void for_each_field(Visit&& visit) const {
    // Neither a context nor a logger has the same key twice.
    const bool all_unique =
        call_fields.empty() && (context_fields.empty() || logger_fields.empty());
    for (const Fields& source : {context_fields, logger_fields, call_fields}) {
      for (const Field& field : source) {
        if (all_unique || find(field.key) == &field) visit(field);
      }
    }
  }

  static const Resource& no_resource() noexcept;
};

// Appends the trace's name where it has one, else its id. Nothing without a trace.
void append_trace_id(std::string& out, const LogRecord& record, TraceIdSpelling spelling);

}  // namespace waybill
