#include <latch>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/spawn.h>
#include <waybill/async/sync_wait.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;

using SpawnTest = internal::ContextTest;

task<std::string> name_after_hops(ThreadPool& pool, int hops) {
  const Scope scope{Context::current().with({{"hops", hops}})};
  for (int i = 0; i < hops; ++i) co_await pool.schedule();
  co_return current_name();
}

TEST_F(SpawnTest, RunsInThePoolUnderTheCallersContext) {
  ThreadPool pool({.threads = 4});
  std::vector<std::pair<std::string, Future<std::string>>> spawned;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "caller-" + std::to_string(i);
    const Scope scope{counted(name)};
    const Context before = capture();
    spawned.emplace_back(name, spawn(pool, name_after_hops(pool, 3)));
    EXPECT_EQ(Context::current(), before);
  }
  for (auto& [name, future] : spawned) EXPECT_EQ(future.get(), name);
}

TEST_F(SpawnTest, BeginsOnAThreadOfThePool) {
  ThreadPool pool({.threads = 1});
  const auto is_own = [&]() -> task<bool> { co_return pool.is_own_thread(); };
  EXPECT_TRUE(spawn(pool, is_own()).get());
}

TEST_F(SpawnTest, AnExceptionComesOutOfTheFuture) {
  ThreadPool pool({.threads = 1});
  const auto failing = []() -> task<> {
    throw std::runtime_error("no");
    co_return;
  };
  EXPECT_THROW(spawn(pool, failing()).get(), std::runtime_error);
}

TEST_F(SpawnTest, ItsResultCanBeAwaitedByAnotherTask) {
  ThreadPool pool({.threads = 2});
  const auto parent = [&]() -> task<std::string> {
    const Scope scope{counted("parent")};
    std::string child = co_await spawn(pool, name_after_hops(pool, 2));
    co_return current_name() + " of " + child;
  };
  EXPECT_EQ(sync_wait(parent()), "parent of parent");
}

TEST_F(SpawnTest, RunsUnderTheGivenStopToken) {
  ThreadPool pool({.threads = 1});
  std::stop_source source;
  source.request_stop();
  const auto stopped = []() -> task<bool> { co_return (co_await stop_token()).stop_requested(); };
  EXPECT_TRUE(spawn(pool, stopped(), source.get_token()).get());
}

TEST_F(SpawnTest, IntoAStoppedPoolIsABrokenPromise) {
  ThreadPool pool({.threads = 1});
  pool.stop();
  EXPECT_THROW(spawn(pool, name_after_hops(pool, 0)).get(), std::future_error);
}

TEST_F(SpawnTest, GoesOnWhenTheFutureIsDropped) {
  ThreadPool pool({.threads = 1});
  std::latch done(1);
  const auto work = [&]() -> task<> {
    co_await pool.schedule();
    done.count_down();
  };
  spawn(pool, work());
  done.wait();
}

}  // namespace
}  // namespace waybill
