// A trace as people know it.
#pragma once

#include <string>

#include <waybill/core/context.h>

namespace waybill {

// As logs print it, for columns of tables, answers and messages: the trace's name where there is
// one, else its id as 32 hex digits; empty without a trace.
inline std::string trace_text(const Context& context = Context::current()) {
  if (!context.has_trace()) return {};
  const std::string_view name = context.trace_name();
  return name.empty() ? context.trace_id().to_hex() : std::string(name);
}

}  // namespace waybill
