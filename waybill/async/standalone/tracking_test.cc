// The same with standalone Asio, which is Boost's under another name and has hooks of its own.
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <gtest/gtest.h>

#include <waybill/async/tracking/internal/numbered_context.h>
#include <waybill/core/scope.h>

namespace waybill::tracking {
namespace {

using namespace asio::experimental::awaitable_operators;
using asio::awaitable;
using asio::co_spawn;
using asio::detached;
using asio::use_awaitable;
using asio::ip::tcp;

class Standalone : public TrackingTest {
 protected:
  std::optional<asio::io_context> io_{std::in_place};
};
INSTANTIATE_TEST_SUITE_P(Threads, Standalone, one_and_four_threads());

TEST_P(Standalone, HandlersRunUnderTheContextOfTheirCaller) {
  std::atomic<int> done{0};
  for (int i = 1; i <= 3000; ++i) {
    const Scope scope{numbered(i)};
    asio::post(*io_, [this, i, &done] {
      EXPECT_EQ(current_number(), i);
      const auto timer = std::make_shared<asio::steady_timer>(*io_, std::chrono::seconds(0));
      timer->async_wait([timer, i, &done](std::error_code) {
        EXPECT_EQ(current_number(), i);
        ++done;
      });
    });
  }
  run_on_threads(*io_, GetParam());
  EXPECT_EQ(done, 3000);
}

awaitable<void> child(int inherited, int own) {
  EXPECT_EQ(current_number(), inherited);
  const Scope scope{numbered(own)};
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::microseconds(10));
  co_await timer.async_wait(use_awaitable);
  EXPECT_EQ(current_number(), own);
  co_await asio::post(use_awaitable);
  EXPECT_EQ(current_number(), own);
}

awaitable<void> parent(int number, std::atomic<int>& done) {
  const auto executor = co_await asio::this_coro::executor;
  const Scope scope{numbered(number)};
  co_spawn(executor, child(number, number + 10'000), detached);
  EXPECT_EQ(current_number(), number);
  co_await (child(number, number + 20'000) && child(number, number + 30'000));
  EXPECT_EQ(current_number(), number);
  co_await (child(number, number + 20'000) || child(number, number + 30'000));
  EXPECT_EQ(current_number(), number);
  co_await co_spawn(executor, child(number, number + 40'000), use_awaitable);
  EXPECT_EQ(current_number(), number);
  ++done;
}

TEST_P(Standalone, CoroutinesHoldScopesAndChildrenLeaveTheirSpawnerAlone) {
  std::atomic<int> done{0};
  for (int i = 1; i <= 500; ++i) {
    // A strand each: cancelling is not safe where branches run in parallel.
    const auto strand = asio::make_strand(*io_);
    asio::post(strand, [strand, i, &done] {
      co_spawn(strand, parent(i, done), detached);
      EXPECT_EQ(current_number(), 0);
    });
  }
  run_on_threads(*io_, GetParam());
  EXPECT_EQ(done, 500);
}

awaitable<void> echo(tcp::acceptor& acceptor, int number) {
  tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
  const Scope scope{numbered(number)};
  std::string text(4, '\0');
  co_await asio::async_read(socket, asio::buffer(text), use_awaitable);
  EXPECT_EQ(current_number(), number);
  co_await asio::async_write(socket, asio::buffer(text), use_awaitable);
  EXPECT_EQ(current_number(), number);
}

awaitable<void> ask(tcp::endpoint server, int number, std::atomic<int>& done) {
  const Scope scope{numbered(number)};
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(server, use_awaitable);
  std::string text = "ping";
  co_await asio::async_write(socket, asio::buffer(text), use_awaitable);
  co_await asio::async_read(socket, asio::buffer(text), use_awaitable);
  EXPECT_EQ(current_number(), number);
  ++done;
}

TEST_P(Standalone, Sockets) {
  std::atomic<int> done{0};
  tcp::acceptor acceptor(*io_, {asio::ip::address_v4::loopback(), 0});
  for (int i = 1; i <= 50; ++i) {
    co_spawn(acceptor.get_executor(), echo(acceptor, -i), detached);
    co_spawn(*io_, ask(acceptor.local_endpoint(), i, done), detached);
  }
  run_on_threads(*io_, GetParam());
  EXPECT_EQ(done, 50);
}

awaitable<void> sleeps(int number) {
  const Scope scope{numbered(number)};
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
  co_await timer.async_wait(use_awaitable);
}

TEST_F(Standalone, AnIoContextThatGoesAwayReleasesWhatWaitsAndLeavesTheThreadAlone) {
  for (int i = 1; i <= 300; ++i) co_spawn(*io_, sleeps(i), detached);
  io_->poll();
  EXPECT_EQ(g_contexts_alive, 300);
  const Scope scope{numbered(99)};
  io_.reset();
  EXPECT_EQ(current_number(), 99);
  EXPECT_EQ(g_contexts_alive, 1);
}

}  // namespace
}  // namespace waybill::tracking
