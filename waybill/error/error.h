// error: errors that know the context in which they were raised.
//
//   class ConfigError : public waybill::WithContext<std::runtime_error> {
//     using WithContext::WithContext;
//   };
//
//   throw ConfigError("no such venue");                                   // in trace A, span 1
//   ...
//   catch (const std::exception& error) { log.error("{}", error); }       // in trace B
//
// The line is trace B's, and says what was thrown, where, what caused it, and the trace, span and
// fields it was thrown under, as far as they are others than the line's own.
//
//   with_context.h   WithContext<Base>: a class of your own that knows its context
//   make_error.h     make_error<E>("format {}", ...)
//   context_of.h     the context of a caught exception, or of a std::exception_ptr
//   enrich.h         adds the current context to an error that was raised without
//   contextual.h     Contextual<E>: the same for errors that are returned, not thrown
//
// waybill::Error (core/error.h) is such an error. Uses core, log and fmt.
#pragma once

#include <waybill/core/error.h>
#include <waybill/core/error_chain.h>
#include <waybill/error/context_of.h>
#include <waybill/error/contextual.h>
#include <waybill/error/enrich.h>
#include <waybill/error/make_error.h>
#include <waybill/error/with_context.h>
