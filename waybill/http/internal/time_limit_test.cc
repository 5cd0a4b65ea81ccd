#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/http/internal/time_limit.h>

namespace waybill::http::internal {
namespace {

namespace asio = boost::asio;
using testing::Eq;
using testing::Optional;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""h;

asio::awaitable<std::string> at_once() {
  co_return "done";
}

asio::awaitable<std::string> after(std::chrono::milliseconds delay) {
  asio::steady_timer timer(co_await asio::this_coro::executor, delay);
  co_await timer.async_wait(asio::use_awaitable);
  co_return "done";
}

asio::awaitable<std::string> failing() {
  throw std::runtime_error("no");
  co_return "";
}

asio::awaitable<std::string> until_cancelled(bool& cancelled) {
  asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
  boost::system::error_code error;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  cancelled = error == asio::error::operation_aborted;
  co_return "";
}

std::optional<std::string> run(std::chrono::milliseconds limit, asio::awaitable<std::string> work) {
  asio::io_context io;
  auto result = asio::co_spawn(io, within(limit, std::move(work)), asio::use_future);
  io.run();
  return result.get();
}

TEST(Within, ReturnsWhatTheWorkReturns) {
  EXPECT_THAT(run(1h, at_once()), Optional(Eq("done")));
  EXPECT_THAT(run(1h, after(1ms)), Optional(Eq("done")));
}

TEST(Within, ThrowsWhatTheWorkThrows) {
  EXPECT_THROW(run(1h, failing()), std::runtime_error);
}

TEST(Within, GivesUpAndCancelsWhatTakesTooLong) {
  bool cancelled = false;
  EXPECT_EQ(run(1ms, until_cancelled(cancelled)), std::nullopt);
  EXPECT_TRUE(cancelled);
}

TEST(Within, HandsOnItsOwnCancellation) {
  asio::io_context io;
  asio::cancellation_signal cancel;
  bool cancelled = false;
  bool ended = false;
  asio::co_spawn(io, within(1h, until_cancelled(cancelled)),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&](std::exception_ptr, std::optional<std::string> result) {
                       ended = !result;
                     }));
  asio::post(io, [&] { cancel.emit(asio::cancellation_type::terminal); });
  io.run();
  EXPECT_TRUE(cancelled);
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace waybill::http::internal
