// async_wait: an Asio operation that ends when a Future's result is there. It is how an
// asio::awaitable, which cannot await a Future itself, waits for a pool without blocking a thread.
//
//   Future<Rows> rows = run_in_thread(query, database, sql);
//   co_await async_wait(rows, asio::use_awaitable);
//   use(rows.get());                                       // does not block any more
//
// With any completion token; the handler gets an error_code and runs on its associated executor,
// whose execution context has to outlive the wait, under the context of this call. Cancelling the
// wait (operation_aborted) leaves the work and the future as they are.
#pragma once

#include <memory>
#include <utility>

#include <waybill/async/detail/asio_config.h>

#include WAYBILL_ASIO(associated_allocator.hpp)
#include WAYBILL_ASIO(associated_cancellation_slot.hpp)
#include WAYBILL_ASIO(associated_executor.hpp)
#include WAYBILL_ASIO(async_result.hpp)
#include WAYBILL_ASIO(bind_allocator.hpp)
#include WAYBILL_ASIO(cancellation_type.hpp)
#include WAYBILL_ASIO(error.hpp)
#include WAYBILL_ASIO(execution.hpp)
#include WAYBILL_ASIO(post.hpp)
#include WAYBILL_ASIO(prefer.hpp)

#include <waybill/async/future.h>

namespace waybill {
namespace detail {

// Deletes itself with the handler's call.
template <class Handler>
class AsioFutureWaiter final : private FutureWaiter {
 public:
  static void start(FutureStateBase& state, Handler handler) {
    auto* const waiter = new AsioFutureWaiter(state, std::move(handler));
    waiter->allow_cancellation();
    if (!state.tell(*waiter)) waiter->complete({});
  }

  ~AsioFutureWaiter() { state_.release(); }

 private:
  AsioFutureWaiter(FutureStateBase& state, Handler handler)
      : state_(state),
        handler_(std::move(handler)),
        executor_(asio::prefer(asio::get_associated_executor(handler_),
                               asio::execution::outstanding_work.tracked)),
        capture_(capture_ambient()) {
    state_.retain();
  }

  void ready() noexcept override { complete({}); }

  // Asio has what cancels and what completes an operation take turns.
  void allow_cancellation() {
    auto slot = asio::get_associated_cancellation_slot(handler_);
    if (!slot.is_connected()) return;
    slot.assign([this](asio::cancellation_type type) {
      if (type != asio::cancellation_type::none && state_.forget(*this)) {
        complete(asio::error::operation_aborted);
      }
    });
  }

  void complete(AsioError error) {
    const auto allocator = asio::get_associated_allocator(handler_);
    const auto executor = executor_;
    asio::post(executor,
               asio::bind_allocator(
                   allocator, [error, self = std::unique_ptr<AsioFutureWaiter>(this)]() mutable {
                     auto slot = asio::get_associated_cancellation_slot(self->handler_);
                     if (slot.is_connected()) slot.clear();
                     Handler handler(std::move(self->handler_));
                     const AmbientBracket bracket(std::move(self->capture_));
                     self.reset();
                     std::move(handler)(error);
                   }));
  }

  using Executor = std::decay_t<decltype(asio::prefer(
      asio::get_associated_executor(std::declval<const Handler&>()),
      asio::execution::outstanding_work.tracked))>;

  FutureStateBase& state_;
  Handler handler_;
  Executor executor_;
  AmbientCapture capture_;
};

}  // namespace detail

template <class T, class CompletionToken>
auto async_wait(const Future<T>& future, CompletionToken&& token) {
  detail::FutureStateBase& state = detail::FutureAccess::state(future);
  if (!future.is_ready()) state.require_this_process();
  return asio::async_initiate<CompletionToken, void(detail::AsioError)>(
      [&state](auto handler) {
        detail::AsioFutureWaiter<decltype(handler)>::start(state, std::move(handler));
      },
      token);
}

}  // namespace waybill
