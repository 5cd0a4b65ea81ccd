#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <waybill/async/co_spawn.h>
#include <waybill/async/internal/asio_wander.h>
#include <waybill/async/use_awaitable.h>
#include <waybill/core/scope.h>

namespace waybill {
namespace {

using boost::system::error_code;
using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::Outcome;
using internal::run_on_threads;
using internal::wander;

// All on executors that know nothing of contexts.
using UseAwaitableTest = internal::AsioTest;
class UseAwaitableThreadsTest : public internal::AsioTest,
                                public testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Threads, UseAwaitableThreadsTest, testing::Values(1, 4));

// With a context of its own, which begins after the first hop: what runs on a thread before a
// coroutine has awaited anything is that thread's.
asio::awaitable<void> wander_alone(std::string name, int steps, Outcome& outcome) {
  co_await asio::post(bind_context(Context{}, asio::use_awaitable));
  const Context own = counted(name);
  const Scope scope{own};
  co_await wander(name, steps, waybill::use_awaitable, outcome);
}

TEST_P(UseAwaitableThreadsTest, KeepsManyCoroutinesApart) {
  constexpr int kCoroutines = 2'500;
  asio::io_context io;
  Outcome outcome;
  for (int i = 0; i < kCoroutines; ++i) {
    asio::co_spawn(io, wander_alone("coroutine-" + std::to_string(i), 4, outcome), asio::detached);
  }
  run_on_threads(io, GetParam());
  EXPECT_EQ(outcome.wrong, 0);
  EXPECT_EQ(outcome.finished, kCoroutines);
}

TEST_P(UseAwaitableThreadsTest, KeepsCoroutinesOnOneStrandApart) {
  constexpr int kCoroutines = 500;
  asio::io_context io;
  const asio::any_io_executor strand = asio::make_strand(io);
  Outcome outcome;
  for (int i = 0; i < kCoroutines; ++i) {
    asio::co_spawn(strand, wander_alone("coroutine-" + std::to_string(i), 4, outcome),
                   asio::detached);
  }
  run_on_threads(io, GetParam());
  EXPECT_EQ(outcome.wrong, 0);
  EXPECT_EQ(outcome.finished, kCoroutines);
}

// Where the executor carries contexts too, both agree; also on a strand around a ContextExecutor,
// which without the token would mix its handlers' contexts up.
TEST_P(UseAwaitableThreadsTest, AgreesWithAContextExecutor) {
  constexpr int kCoroutines = 500;
  asio::io_context io;
  const asio::any_io_executor carrying = context_executor(io);
  const asio::any_io_executor around = asio::make_strand(carrying);
  Outcome outcome;
  for (int i = 0; i < kCoroutines; ++i) {
    const std::string name = "coroutine-" + std::to_string(i);
    asio::co_spawn(i % 2 == 0 ? carrying : around, wander_alone(name, 4, outcome), asio::detached);
  }
  run_on_threads(io, GetParam());
  EXPECT_EQ(outcome.wrong, 0);
  EXPECT_EQ(outcome.finished, kCoroutines);
}

TEST_F(UseAwaitableTest, LeavesTheResumingThreadAsItWas) {
  asio::io_context io;
  bool right = false;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        co_await asio::post(waybill::use_awaitable);
        const Scope own{counted("own")};
        co_await asio::post(waybill::use_awaitable);
        right = current_name() == "own";
        restore(counted("left behind"));
      },
      asio::detached);
  const Scope scope{counted("runner")};
  while (io.run_one() != 0) EXPECT_EQ(current_name(), "runner");
  EXPECT_TRUE(right);
}

TEST_F(UseAwaitableTest, WorksInOtherTokensAndAsADefault) {
  using Timer = waybill::use_awaitable_t<>::as_default_on_t<asio::steady_timer>;
  asio::io_context io;
  Outcome outcome;
  const auto look = [&]() -> asio::awaitable<void> {
    co_await asio::post(waybill::use_awaitable);
    const Scope own{counted("own")};
    Timer timer(co_await asio::this_coro::executor, std::chrono::seconds(0));
    co_await timer.async_wait();
    outcome.check("own");
    const auto [error] = co_await timer.async_wait(asio::as_tuple(waybill::use_awaitable));
    EXPECT_FALSE(error);
    outcome.check("own");
    error_code redirected;
    co_await timer.async_wait(asio::redirect_error(waybill::use_awaitable, redirected));
    outcome.check("own");
    auto plain = asio::steady_timer(io, std::chrono::seconds(0));
    auto adapted = waybill::use_awaitable_t<>::as_default_on(std::move(plain));
    co_await adapted.async_wait();
    outcome.check("own");
    ++outcome.finished;
  };
  asio::co_spawn(io, look, asio::detached);
  run_on_threads(io, 2);
  EXPECT_EQ(outcome.wrong, 0);
  EXPECT_EQ(outcome.finished, 1);
}

TEST_F(UseAwaitableTest, WorksWithTypedExecutors) {
  using Executor = asio::thread_pool::executor_type;
  asio::thread_pool pool(2);
  Outcome outcome;
  const auto look = [&]() -> asio::awaitable<void, Executor> {
    co_await asio::post(waybill::use_awaitable_t<Executor>());
    const Scope own{counted("own")};
    for (int i = 0; i < 100; ++i) {
      co_await asio::post(waybill::use_awaitable_t<Executor>());
      outcome.check("own");
    }
    ++outcome.finished;
  };
  for (int i = 0; i < 10; ++i) asio::co_spawn(pool, look, asio::detached);
  pool.join();
  EXPECT_EQ(outcome.wrong, 0);
  EXPECT_EQ(outcome.finished, 10);
}

TEST_F(UseAwaitableTest, ShowsTheOwnContextToTheHandlerOfACancellation) {
  asio::io_context io;
  asio::cancellation_signal cancel;
  std::string seen;
  const auto wait = [&]() -> asio::awaitable<void> {
    asio::steady_timer timer(io, std::chrono::hours(1));
    co_await asio::post(waybill::use_awaitable);
    const Scope own{counted("own")};
    try {
      co_await timer.async_wait(waybill::use_awaitable);
    } catch (const boost::system::system_error& error) {
      if (error.code() == asio::error::operation_aborted) seen = current_name();
    }
  };
  asio::co_spawn(io, wait, asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  io.poll();
  {
    const Scope scope{counted("canceller")};
    cancel.emit(asio::cancellation_type::terminal);
  }
  io.run();
  EXPECT_EQ(seen, "own");
}

TEST_F(UseAwaitableTest, ReleasesContextsOfCoroutinesThatAreDestroyedInTheirMidst) {
  std::optional<asio::io_context> io(std::in_place);
  const auto wait = []() -> asio::awaitable<void> {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await asio::post(waybill::use_awaitable);
    const Context context = counted("own");
    const Scope outer{context};
    const Scope inner{counted("inner")};
    co_await timer.async_wait(waybill::use_awaitable);
  };
  for (int i = 0; i < 100; ++i) asio::co_spawn(*io, wait, asio::detached);
  io->poll();
  EXPECT_EQ(Counted::alive, 200);
  const Scope scope{counted("destroyer")};
  io.reset();
  EXPECT_EQ(current_name(), "destroyer");
  EXPECT_EQ(Counted::alive, 1);
}

// The coroutine goes on, ends and is freed before the call that began the operation returns.
TEST_F(UseAwaitableTest, MayBeResumedElsewhereBeforeTheOperationHasBegun) {
  asio::thread_pool pool(2);
  waybill::use_awaitable_t<> token;
  std::string in_initiation;
  std::promise<void> ended;
  const auto hand_over = [&](auto handler) {
    std::jthread([&pool, handler = std::move(handler)]() mutable {
      asio::post(pool, std::move(handler));
    }).join();
    ended.get_future().wait();
    in_initiation = current_name();
  };
  const auto look = [&]() -> asio::awaitable<void> {
    co_await asio::post(waybill::use_awaitable);
    {
      const Context context = counted("own");
      const Scope own{context};
      co_await asio::async_initiate<waybill::use_awaitable_t<>, void()>(hand_over, token);
      EXPECT_EQ(current_name(), "own");
    }
    EXPECT_EQ(current_name(), "");
    ended.set_value();
  };
  asio::co_spawn(pool, look, asio::detached);
  pool.join();
  EXPECT_EQ(in_initiation, "own");
}

}  // namespace
}  // namespace waybill
