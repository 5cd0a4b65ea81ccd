#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <waybill/async/co_spawn.h>
#include <waybill/async/internal/asio_wander.h>
#include <waybill/async/make_strand.h>
#include <waybill/core/scope.h>

namespace waybill {
namespace {

using asio::experimental::awaitable_operators::operator&&;
using asio::experimental::awaitable_operators::operator||;
using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::Outcome;
using internal::run_on_threads;
using internal::wander;
using std::chrono_literals::operator""us;
using CoSpawnTest = internal::AsioTest;

asio::awaitable<std::string> name_after_a_hop() {
  co_await asio::post(asio::use_awaitable);
  co_return current_name();
}

TEST_F(CoSpawnTest, BeginsTheChildUnderTheCallersContext) {
  asio::io_context io;
  std::string at_once;
  std::future<std::string> after_a_hop;
  {
    const Scope scope{counted("caller")};
    waybill::co_spawn(
        io,
        [&]() -> asio::awaitable<void> {
          at_once = current_name();
          co_return;
        },
        asio::detached);
    after_a_hop = waybill::co_spawn(io.get_executor(), name_after_a_hop(), asio::use_future);
  }
  const Scope scope{counted("runner")};
  io.run();
  EXPECT_EQ(at_once, "caller");
  EXPECT_EQ(after_a_hop.get(), "caller");
  EXPECT_EQ(current_name(), "runner");
}

TEST_F(CoSpawnTest, BeginsTheChildUnderTheGivenContext) {
  asio::io_context io;
  const Scope scope{counted("caller")};
  auto named = waybill::co_spawn(io, counted("given"), name_after_a_hop(), asio::use_future);
  auto none = waybill::co_spawn(io, Context{}, name_after_a_hop(), asio::use_future);
  io.run();
  EXPECT_EQ(named.get(), "given");
  EXPECT_EQ(none.get(), "");
}

// A child that runs within the call, and suspends with its scope open.
TEST_F(CoSpawnTest, ChangesNothingForTheCaller) {
  asio::io_context io;
  std::string child;
  std::string caller;
  {
    const Scope scope{counted("caller")};
    asio::post(context_executor(io), [&] {
      waybill::co_spawn(
          io,
          [&]() -> asio::awaitable<void> {
            const Scope own{counted("child")};
            co_await asio::post(asio::use_awaitable);
            child = current_name();
            restore(counted("left behind"));
          },
          asio::detached);
      caller = current_name();
    });
  }
  io.run();
  EXPECT_EQ(caller, "caller");
  EXPECT_EQ(child, "child");
}

TEST_F(CoSpawnTest, RunsTheCompletionHandlerUnderTheCallersContext) {
  asio::io_context io;
  std::string seen;
  const auto child = []() -> asio::awaitable<int> {
    restore(counted("child"));
    co_await asio::post(asio::use_awaitable);
    throw std::runtime_error("failed");
  };
  const auto look = [&](const std::exception_ptr& failure, int) {
    seen += (failure ? "failed " : "fine ") + current_name() + " ";
  };
  {
    const Scope scope{counted("caller")};
    waybill::co_spawn(io, child, look);
    waybill::co_spawn(io, counted("given"), child, look);
    waybill::co_spawn(io, child, asio::bind_executor(io, look));
  }
  io.run();
  EXPECT_EQ(seen, "failed caller failed caller failed caller ");
}

TEST_F(CoSpawnTest, LeavesAnAwaitingParentAsItWas) {
  asio::io_context io;
  Outcome outcome;
  const auto parent = [&]() -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    const Scope own{counted("parent")};
    const std::string inherited =
        co_await waybill::co_spawn(executor, name_after_a_hop(), asio::use_awaitable);
    EXPECT_EQ(inherited, "parent");
    outcome.check("parent");
    const std::string given = co_await waybill::co_spawn(executor, counted("child"),
                                                         name_after_a_hop(), asio::use_awaitable);
    EXPECT_EQ(given, "child");
    outcome.check("parent");
    ++outcome.finished;
  };
  waybill::co_spawn(io, parent, asio::detached);
  run_on_threads(io, 2);
  EXPECT_EQ(outcome.wrong, 0);
  EXPECT_EQ(outcome.finished, 1);
}

// Each spawns the next: what carries the context is not wrapped again and again.
asio::awaitable<void> spawn_down(int depth, asio::any_io_executor first, bool& same) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  same = same && executor == first;
  if (depth == 0) co_return;
  co_await waybill::co_spawn(executor, spawn_down(depth - 1, first, same), asio::use_awaitable);
}

TEST_F(CoSpawnTest, TakesTheExecutorAsItIsWhenItCarriesContextsAlready) {
  asio::io_context io;
  bool same = true;
  waybill::co_spawn(io, spawn_down(5, context_executor(io), same), asio::detached);
  const auto strand = waybill::make_strand(io);
  waybill::co_spawn(strand, spawn_down(0, strand, same), asio::detached);
  const asio::any_io_executor plain = asio::make_strand(io);
  waybill::co_spawn(plain, spawn_down(5, context_executor(plain), same), asio::detached);
  io.run();
  EXPECT_TRUE(same);
}

// It keeps no work on the executor, as it ought to, and completes on a thread that knows nothing.
struct CarelessOperation {
  void operator()(auto handler) const {
    auto executor = asio::get_associated_executor(handler);
    std::jthread([executor, handler = std::move(handler)]() mutable {
      asio::post(executor, std::move(handler));
    });
  }
};

TEST_F(CoSpawnTest, FallsBackOnTheChildsFirstContextAfterACarelessOperation) {
  asio::io_context io;
  std::string seen;
  const auto child = [&]() -> asio::awaitable<void> {
    const auto work = asio::make_work_guard(co_await asio::this_coro::executor);
    asio::use_awaitable_t<> token;
    co_await asio::async_initiate<asio::use_awaitable_t<>, void()>(CarelessOperation{}, token);
    seen = current_name();
  };
  waybill::co_spawn(io, counted("child"), child, asio::detached);
  io.run();
  EXPECT_EQ(seen, "child");
}

TEST_F(CoSpawnTest, KeepsTheContextClearedWhenTheChildClearsIt) {
  asio::io_context io;
  bool empty = false;
  const auto child = [&]() -> asio::awaitable<void> {
    clear();
    co_await asio::post(asio::use_awaitable);
    empty = Context::current().empty();
  };
  waybill::co_spawn(io, counted("child"), child, asio::detached);
  io.run();
  EXPECT_TRUE(empty);
}

TEST_F(CoSpawnTest, TakesAwaitablesOfOtherExecutors) {
  using Executor = ContextExecutor<asio::io_context::executor_type>;
  asio::io_context io;
  std::string seen;
  const auto child = [&]() -> asio::awaitable<void, Executor> {
    co_await asio::post(asio::use_awaitable_t<Executor>());
    seen = current_name();
  };
  {
    const Scope scope{counted("caller")};
    waybill::co_spawn(io, child, asio::detached);
  }
  io.run();
  EXPECT_EQ(seen, "caller");
}

asio::awaitable<void> in_groups(std::string name, Outcome& outcome) {
  const Context own = counted(name);
  const Scope scope{own};
  co_await (wander(name, 3, asio::use_awaitable, outcome) &&
            wander(name, 3, asio::use_awaitable, outcome));
  outcome.check(name);
  const auto renamed = [&]() -> asio::awaitable<void> {
    const Scope branch{counted(name + "-branch")};
    co_await wander(name + "-branch", 1, asio::use_awaitable, outcome);
  };
  const auto for_ever = [&]() -> asio::awaitable<void> {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    const Scope branch{counted(name + "-for-ever")};
    try {
      co_await timer.async_wait(asio::use_awaitable);
    } catch (const boost::system::system_error&) {
      outcome.check(name + "-for-ever");
      throw;
    }
  };
  co_await (renamed() || for_ever());
  outcome.check(name);
  ++outcome.finished;
}

class CoSpawnThreadsTest : public internal::AsioTest, public testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Threads, CoSpawnThreadsTest, testing::Values(1, 4));

TEST_P(CoSpawnThreadsTest, KeepsTheBranchesOfGroupsApart) {
  constexpr int kParents = 300;
  asio::io_context io;
  Outcome outcome;
  for (int i = 0; i < kParents; ++i) {
    waybill::co_spawn(asio::make_strand(io), in_groups("parent-" + std::to_string(i), outcome),
                      asio::detached);
  }
  run_on_threads(io, GetParam());
  EXPECT_EQ(outcome.wrong, 0);
  EXPECT_EQ(outcome.finished, kParents * 4);
}

TEST_P(CoSpawnThreadsTest, GathersChildrenThatEachHaveAnId) {
  constexpr int kChildren = 100;
  asio::io_context io;
  Outcome outcome;
  const auto parent = [&]() -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    const Scope own{counted("parent")};
    const auto child = [&](int i) {
      const std::string name = "child-" + std::to_string(i);
      return waybill::co_spawn(executor, counted(name),
                               wander(name, 5, asio::use_awaitable, outcome), asio::deferred);
    };
    std::vector<decltype(child(0))> children;
    for (int i = 0; i < kChildren; ++i) children.push_back(child(i));
    co_await asio::experimental::make_parallel_group(std::move(children))
        .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    outcome.check("parent");
  };
  waybill::co_spawn(asio::make_strand(io), parent, asio::detached);
  run_on_threads(io, GetParam());
  EXPECT_EQ(outcome.wrong, 0);
  EXPECT_EQ(outcome.finished, kChildren);
}

TEST_P(CoSpawnThreadsTest, KeepsManyCoroutinesApart) {
  constexpr int kCoroutines = 2'500;
  asio::io_context io;
  Outcome outcome;
  for (int i = 0; i < kCoroutines; ++i) {
    const std::string name = "coroutine-" + std::to_string(i);
    const Scope scope{counted(name)};
    waybill::co_spawn(io, wander(name, 4, asio::use_awaitable, outcome), asio::detached);
  }
  run_on_threads(io, GetParam());
  EXPECT_EQ(outcome.wrong, 0);
  EXPECT_EQ(outcome.finished, kCoroutines);
}

TEST_F(CoSpawnTest, CancelsTheChildAndShowsItsContextToTheHandlerOfTheException) {
  asio::io_context io;
  asio::cancellation_signal cancel;
  std::string seen;
  const auto child = [&]() -> asio::awaitable<void> {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    const Scope own{counted("child")};
    try {
      co_await timer.async_wait(asio::use_awaitable);
    } catch (const boost::system::system_error& error) {
      if (error.code() == asio::error::operation_aborted) seen = current_name();
    }
  };
  waybill::co_spawn(io, child, asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  {
    const Scope scope{counted("canceller")};
    asio::post(context_executor(io), [&] { cancel.emit(asio::cancellation_type::terminal); });
  }
  io.run();
  EXPECT_EQ(seen, "child");
}

TEST_F(CoSpawnTest, ReleasesContextsOfCoroutinesThatAreDestroyedInTheirMidst) {
  std::optional<asio::io_context> io(std::in_place);
  const auto child = [](std::string name) -> asio::awaitable<void> {
    const Context own = counted(name);
    const Scope outer{own};
    const Scope inner{Context::current().child()};
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(asio::use_awaitable);
  };
  for (int i = 0; i < 100; ++i) {
    const Scope scope{counted("caller")};
    waybill::co_spawn(*io, child("child-" + std::to_string(i)), asio::detached);
  }
  io->poll();
  EXPECT_EQ(Counted::alive, 200);
  const Scope scope{counted("destroyer")};
  io.reset();
  EXPECT_EQ(current_name(), "destroyer");
  EXPECT_EQ(Counted::alive, 1);
}

// The initiating function looks at the context when another thread has already ended the coroutine.
TEST_F(CoSpawnTest, AnInitiationSeesTheContextThoughTheCoroutineIsAlreadyGone) {
  asio::thread_pool pool(2);
  std::atomic<bool> over = false;
  std::string seen;
  const auto hand_over = [&](auto handler) {
    auto executor = asio::prefer(asio::get_associated_executor(handler),
                                 asio::execution::outstanding_work.tracked);
    asio::post(executor, std::move(handler));
    while (!over) std::this_thread::yield();
    seen = current_name();
  };
  const auto child = [&]() -> asio::awaitable<void> {
    {
      const Context own = counted("own");
      const Scope scope{own};
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(hand_over,
                                                                           asio::use_awaitable);
      EXPECT_EQ(current_name(), "own");
    }
    over = true;
  };
  waybill::co_spawn(pool.get_executor(), child, asio::detached);
  pool.join();
  EXPECT_EQ(seen, "own");
}

}  // namespace
}  // namespace waybill
