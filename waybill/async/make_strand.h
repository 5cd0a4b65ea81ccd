// make_strand: an Asio strand under which every handler has the right ambient context.
//
//   auto strand = waybill::make_strand(io);
//   asio::post(strand, [] { log.info("the caller's id"); });
//
// It is a ContextExecutor around the strand. The other way round, a strand around a
// ContextExecutor, the strand hands over many handlers as one piece of work, all under the context
// of whoever came first. That does not compile, unless it is hidden in an any_io_executor, as what
// `co_await this_coro::executor` gives may be: use this function there too. Call it qualified.
#pragma once

#include <type_traits>

#include <waybill/async/context_executor.h>
#include <waybill/async/detail/asio_config.h>

#include WAYBILL_ASIO(strand.hpp)

namespace waybill {

template <class Executor>
  requires(asio::execution::is_executor<Executor>::value)
ContextExecutor<asio::strand<Executor>> make_strand(const Executor& executor) {
  return context_executor(asio::make_strand(executor));
}
// The context that was given to `executor` is the strand's too.
template <class Inner>
ContextExecutor<asio::strand<Inner>> make_strand(const ContextExecutor<Inner>& executor) {
  return executor.with_inner(asio::make_strand(executor.get_inner_executor()));
}
template <class ExecutionContext>
  requires(std::is_convertible_v<ExecutionContext&, asio::execution_context&>)
ContextExecutor<asio::strand<typename ExecutionContext::executor_type>> make_strand(
    ExecutionContext& execution_context) {
  return context_executor(asio::make_strand(execution_context));
}

}  // namespace waybill
