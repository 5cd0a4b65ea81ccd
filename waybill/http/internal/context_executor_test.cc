#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <waybill/core/scope.h>
#include <waybill/http/internal/context_executor.h>

namespace waybill::http::internal {
namespace {

namespace asio = boost::asio;
using std::chrono_literals::operator""us;

static_assert(asio::execution::is_executor<ContextExecutor>::value);

TEST(ContextExecutor, InstallsItsContextAndPutsTheThreadsOwnBack) {
  asio::io_context io;
  const Context mine = Context::new_trace();
  const Context threads_own = Context::new_trace();
  const ContextExecutor executor(io.get_executor(), mine);
  bool ran = false;
  asio::post(executor, [&] { ran = Context::current() == mine; });
  const Scope scope{threads_own};
  io.run();
  EXPECT_TRUE(ran);
  EXPECT_TRUE(Context::current() == threads_own);
}

TEST(ContextExecutor, InstallsItsContextForWorkThatRunsAtOnce) {
  asio::io_context io;
  const Context outer = Context::new_trace();
  const Context inner = Context::new_trace();
  bool nested = false;
  bool restored = false;
  asio::post(ContextExecutor(io.get_executor(), outer), [&] {
    asio::dispatch(ContextExecutor(io.get_executor(), inner),
                   [&] { nested = Context::current() == inner; });
    restored = nested && Context::current() == outer;
  });
  io.run();
  EXPECT_TRUE(restored);
}

TEST(ContextExecutor, KeepsItsContextWhoeverResumes) {
  asio::io_context io;
  const Context mine = Context::new_trace();
  asio::steady_timer event(io, asio::steady_timer::time_point::max());
  bool right = false;
  const auto wait = [&]() -> asio::awaitable<void> {
    boost::system::error_code ignored;
    co_await event.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    right = Context::current() == mine;
  };
  asio::co_spawn(ContextExecutor(io.get_executor(), mine), wait(), asio::detached);
  const Context other = Context::new_trace();
  asio::post(ContextExecutor(io.get_executor(), other), [&] { event.cancel(); });
  io.run();
  EXPECT_TRUE(right);
}

TEST(ContextExecutor, ScopesThatCrossAnAwaitLeaveNoTraceOnTheThread) {
  asio::io_context io;
  const Context mine = Context::new_trace();
  bool after_await = false;
  bool after_scope = false;
  const auto work = [&]() -> asio::awaitable<void> {
    asio::steady_timer timer(co_await asio::this_coro::executor, 1us);
    {
      const Scope scope{Context::current().with({{"job_id", "J-1"}})};
      co_await timer.async_wait(asio::use_awaitable);
      after_await = Context::current().trace_id() == mine.trace_id();
    }
    after_scope = Context::current() == mine;
  };
  asio::co_spawn(ContextExecutor(io.get_executor(), mine), work(), asio::detached);
  io.run();
  EXPECT_TRUE(after_await);
  EXPECT_TRUE(after_scope);
  EXPECT_TRUE(Context::current().empty());
}

asio::awaitable<void> hop(const Context& expected, std::atomic<int>& wrong, int times) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (int i = 0; i < times; ++i) {
    timer.expires_after(std::chrono::microseconds(i % 7));
    co_await timer.async_wait(asio::use_awaitable);
    if (!(Context::current() == expected)) ++wrong;
  }
}

asio::awaitable<void> hop_in_branches(Context expected, std::atomic<int>& wrong,
                                      std::atomic<int>& finished) {
  using asio::experimental::awaitable_operators::operator&&;
  if (!(Context::current() == expected)) ++wrong;
  co_await (hop(expected, wrong, 20) && hop(expected, wrong, 20));
  if (!(Context::current() == expected)) ++wrong;
  ++finished;
}

TEST(ContextExecutor, IsRightForManyCoroutinesOnManyThreads) {
  constexpr int kCoroutines = 400;
  constexpr int kThreads = 4;
  asio::io_context io;
  std::atomic<int> wrong{0};
  std::atomic<int> finished{0};
  for (int i = 0; i < kCoroutines; ++i) {
    const Context context = Context::new_trace();
    asio::co_spawn(ContextExecutor(asio::make_strand(io), context),
                   hop_in_branches(context, wrong, finished), asio::detached);
  }
  std::atomic<int> threads_left_with_a_context{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      io.run();
      if (!Context::current().empty()) ++threads_left_with_a_context;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(finished, kCoroutines);
  EXPECT_EQ(threads_left_with_a_context, 0);
}

TEST(ContextExecutor, ComparesInnerExecutorAndContext) {
  asio::io_context io;
  const Context context = Context::new_trace();
  const ContextExecutor executor(io.get_executor(), context);
  EXPECT_TRUE(executor == ContextExecutor(io.get_executor(), context));
  EXPECT_TRUE(executor != ContextExecutor(io.get_executor(), context.child()));
}

}  // namespace
}  // namespace waybill::http::internal
