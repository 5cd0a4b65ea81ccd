// within: waits for a coroutine, but not for ever.
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace waybill::http::internal {

// What `work` returns (or throws), or empty when that takes longer than `limit` or the caller is
// cancelled. Then `work` is cancelled too, and not waited for: it may be in the midst of something
// that cannot be cancelled, and so has to own all that it uses.
//
// The caller's executor must be a strand, or an io_context that one thread runs.
template <class T>
boost::asio::awaitable<std::optional<T>> within(std::chrono::milliseconds limit,
                                                boost::asio::awaitable<T> work) {
  namespace asio = boost::asio;
  struct State {
    explicit State(const asio::any_io_executor& executor) : done_or_late(executor) {}
    asio::steady_timer done_or_late;
    asio::cancellation_signal cancel;
    bool done = false;
    std::exception_ptr failure;
    std::optional<T> result;
  };
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto state = std::make_shared<State>(executor);

  asio::co_spawn(executor, std::move(work),
                 asio::bind_cancellation_slot(state->cancel.slot(),
                                              [state](std::exception_ptr failure, T result) {
                                                state->done = true;
                                                state->failure = failure;
                                                state->result = std::move(result);
                                                state->done_or_late.cancel();
                                              }));
  if (!state->done) {
    // Set only now: work that blocked inside co_spawn has not been waiting.
    state->done_or_late.expires_after(limit);
    boost::system::error_code ignored;
    co_await state->done_or_late.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (!state->done) {
    state->cancel.emit(asio::cancellation_type::terminal);
    co_return std::nullopt;
  }
  if (state->failure) std::rethrow_exception(state->failure);
  co_return std::move(state->result);
}

}  // namespace waybill::http::internal
