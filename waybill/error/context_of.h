// The context in which a caught error was raised.
//
//   catch (const std::exception& error) {
//     const waybill::Context raised = waybill::context_of(error);
//     if (raised.has_trace()) reply.set("x-trace-id", raised.trace_id().to_hex());
//   }
//
// That of the innermost nested exception that knows one, completed by those around it (see
// core/error_chain.h). Empty where none does. Any thread; nothing is thrown.
#pragma once

#include <exception>
#include <utility>

#include <waybill/core/error_chain.h>

namespace waybill {

inline Context context_of(const std::exception& error) noexcept {
  return ErrorChain(error).raised_in();
}
inline Context context_of(std::exception_ptr error) noexcept {
  return ErrorChain(std::move(error)).raised_in();
}

}  // namespace waybill
