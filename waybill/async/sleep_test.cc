#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/sleep.h>
#include <waybill/async/spawn.h>
#include <waybill/async/sync_wait.h>
#include <waybill/async/when_all.h>
#include <waybill/async/when_any.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using namespace std::chrono_literals;

using SleepTest = internal::ContextTest;

TEST_F(SleepTest, LastsAsLongAsItIsTold) {
  ThreadPool pool({.threads = 1});
  const auto begin = std::chrono::steady_clock::now();
  const auto sleeping = [&]() -> task<> { co_await sleep_for(pool.executor(), 20ms); };
  sync_wait(sleeping());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
}

TEST_F(SleepTest, InterleavedSleepersEachKeepTheirOwnContext) {
  ThreadPool pool({.threads = 4});
  std::atomic<int> wrong{0};
  const auto sleeper = [&](int number) -> task<> {
    const std::string name = "sleeper-" + std::to_string(number);
    const Scope scope{counted(name)};
    for (int i = 0; i < 5; ++i) {
      co_await sleep_for(pool.executor(), std::chrono::microseconds(number * 7 % 100));
      wrong += current_name() != name;
    }
  };
  std::vector<task<>> sleepers;
  for (int i = 0; i < 500; ++i) sleepers.push_back(sleeper(i));
  sync_wait(when_all(std::move(sleepers)));
  EXPECT_EQ(wrong, 0);
}

TEST_F(SleepTest, AStopEndsItAndTheHandlerOfTheExceptionHasItsContext) {
  ThreadPool pool({.threads = 2});
  for (int round = 0; round < 200; ++round) {
    std::string seen;
    std::stop_source source;
    const auto sleeping = [&]() -> task<> {
      const Scope scope{counted("sleeping")};
      try {
        co_await sleep_for(pool.executor(), 1h);
      } catch (const Cancelled&) {
        seen = current_name();
      }
    };
    Future<> done = spawn(pool, sleeping(), source.get_token());
    {
      const Scope scope{counted("stopping")};
      source.request_stop();
      EXPECT_EQ(current_name(), "stopping");
    }
    done.get();
    EXPECT_EQ(seen, "sleeping");
  }
}

TEST_F(SleepTest, DoesNotBeginWhenAStopWasRequestedBefore) {
  ThreadPool pool({.threads = 1});
  std::stop_source source;
  source.request_stop();
  const auto sleeping = [&]() -> task<> { co_await sleep_for(pool.executor(), 1h); };
  EXPECT_THROW(sync_wait(sleeping(), source.get_token()), Cancelled);
}

TEST_F(SleepTest, MakesATimeOutWithWhenAny) {
  ThreadPool pool({.threads = 1});
  const auto wait = [&](std::chrono::steady_clock::duration time) -> task<> {
    co_await sleep_for(pool.executor(), time);
  };
  EXPECT_EQ(sync_wait(when_any(wait(1h), wait(1ms))).index(), 1U);
}

// A coroutine that is destroyed by hand while it sleeps.
struct ByHand {
  struct promise_type : ContextPromise<> {
    ByHand get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

TEST_F(SleepTest, ASleeperMayBeDestroyed) {
  ThreadPool pool({.threads = 1});
  const auto sleeping = [&]() -> ByHand {
    const Scope scope{counted("sleeping")};
    co_await sleep_for(pool.executor(), 1h);
    ADD_FAILURE() << "destroyed, not resumed";
  };
  const ByHand coroutine = sleeping();
  coroutine.handle.resume();
  const Scope scope{counted("x")};
  coroutine.handle.destroy();
  EXPECT_EQ(current_name(), "x");
}

}  // namespace
}  // namespace waybill
