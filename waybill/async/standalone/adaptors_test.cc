// The same headers over standalone Asio.
#include <chrono>
#include <string>

#include <asio/detached.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include <waybill/async/co_spawn.h>
#include <waybill/async/internal/asio_test.h>
#include <waybill/async/make_strand.h>
#include <waybill/async/timers.h>
#include <waybill/async/use_awaitable.h>

namespace waybill {
namespace {

using asio::ip::tcp;
using internal::counted;
using internal::current_name;
using internal::run_on_threads;
using StandaloneAsioTest = internal::AsioTest;

template <class Token>
::asio::awaitable<void> hop(std::string name, Token token, std::atomic<int>& wrong) {
  ::asio::steady_timer timer(co_await ::asio::this_coro::executor);
  const Context own = counted(name);
  const Scope scope{own};
  for (int i = 0; i < 20; ++i) {
    timer.expires_after(std::chrono::microseconds(i % 5));
    co_await timer.async_wait(token);
    wrong += current_name() != name;
    const Scope inner{Context::current().with({{"i", i}})};
    co_await ::asio::post(token);
    wrong += current_name() != name || Context::current().fields().empty();
  }
}

TEST_F(StandaloneAsioTest, KeepsCoroutinesAndGroupsApart) {
  using ::asio::experimental::awaitable_operators::operator&&;
  ::asio::io_context io;
  std::atomic<int> wrong{0};
  const auto both = [&](std::string name) -> ::asio::awaitable<void> {
    co_await (hop(name + "-a", ::asio::use_awaitable, wrong) &&
              hop(name + "-b", waybill::use_awaitable, wrong));
    wrong += current_name() != name;
  };
  for (int i = 0; i < 200; ++i) {
    const std::string name = "coroutine-" + std::to_string(i);
    waybill::co_spawn(waybill::make_strand(io), counted(name), both(name), ::asio::detached);
  }
  run_on_threads(io, 4);
  EXPECT_EQ(wrong, 0);
}

TEST_F(StandaloneAsioTest, RunsHandlersUnderTheirContext) {
  ::asio::io_context io;
  ::asio::steady_timer timer(context_executor(io), std::chrono::seconds(0));
  std::string seen;
  {
    const Scope scope{counted("a")};
    timer.async_wait([&](::asio::error_code) { seen += current_name(); });
  }
  {
    const Scope scope{counted("b")};
    ::asio::post(io, bind_context([&] { seen += current_name(); }));
  }
  io.run();
  EXPECT_TRUE(seen == "ab" || seen == "ba") << seen;
}

TEST_F(StandaloneAsioTest, RunsTimers) {
  ::asio::io_context io;
  int ticks = 0;
  Timer timer;
  {
    const Scope scope{counted("job")};
    timer = every(io, std::chrono::microseconds(1), [&]() -> ::asio::awaitable<void> {
      EXPECT_EQ(current_name(), "job");
      if (++ticks == 3) timer.stop();
      co_return;
    });
  }
  io.run();
  EXPECT_EQ(ticks, 3);
}

}  // namespace
}  // namespace waybill
