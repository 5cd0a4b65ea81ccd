// What a record takes from a context.
#pragma once

#include <waybill/core/context.h>
#include <waybill/log/record.h>

namespace waybill::internal {

// The record then refers to texts of `context`.
inline void set_context(LogRecord& record, const Context& context) noexcept {
  record.trace_id = context.trace_id();
  record.span_id = context.span_id();
  record.parent_span_id = context.parent_span_id();
  record.flags = context.flags();
  record.trace_name = context.trace_name();
  record.context_fields = context.fields();
}

}  // namespace waybill::internal
