#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/run_in_thread.h>
#include <waybill/async/sync_wait.h>
#include <waybill/async/task.h>

namespace waybill {
namespace {

using internal::counted;
using internal::current_name;
using internal::named;

TEST(RunInThread, RunsInTheDefaultPoolUnderTheCallersContext) {
  const Scope scope{named("caller")};
  EXPECT_EQ(run_in_thread(current_name).get(), "caller");
  EXPECT_TRUE(run_in_thread([] { return default_pool().is_own_thread(); }).get());
  EXPECT_EQ(run_in_thread([](int a, std::unique_ptr<int> b) { return a + *b; }, 3,
                          std::make_unique<int>(4))
                .get(),
            7);
}

TEST(RunInThread, RunsInAGivenPool) {
  ThreadPool pool({.threads = 1});
  const Scope scope{named("caller")};
  const auto where = [&](const std::string& suffix) {
    return current_name() + (pool.is_own_thread() ? " in the pool" : "") + suffix;
  };
  EXPECT_EQ(run_in_thread(pool, where, "!").get(), "caller in the pool!");
  EXPECT_EQ(to_thread(pool, where)("?").get(), "caller in the pool?");
}

TEST(RunInThread, IsAwaited) {
  const auto work = []() -> task<std::string> {
    const Scope scope{named("task")};
    const std::string inside = co_await run_in_thread(current_name);
    co_return inside + " and " + current_name();
  };
  EXPECT_EQ(sync_wait(work()), "task and task");
}

TEST(ToThread, EachCallHasTheContextOfItsCaller) {
  auto name_there = [] {
    const Scope scope{named("where it was made")};
    return to_thread(current_name);
  }();
  std::vector<Future<std::string>> names;
  for (int i = 0; i < 1000; ++i) {
    const Scope scope{counted(std::to_string(i))};
    names.push_back(name_there());
  }
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(names[i].get(), std::to_string(i));
  default_pool().submit([] {}).get();
}

TEST(ToThread, CallsOneThatCannotBeCopiedOnce) {
  auto add = to_thread([owned = std::make_unique<int>(2)](int n) { return *owned + n; });
  static_assert(!std::is_copy_constructible_v<decltype(add)>);
  EXPECT_EQ(std::move(add)(3).get(), 5);
}

TEST(ToThread, CarriesExceptions) {
  EXPECT_THROW(to_thread([] { throw 1; })().get(), int);
}

// In a process of its own.
TEST(DefaultPoolDeathTest, DoesWhatWaitsBeforeTheProcessEnds) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        for (int i = 0; i < 100; ++i) default_pool().post([] { std::fputc('x', stderr); });
        std::exit(7);
      },
      testing::ExitedWithCode(7), "^x{100}$");
}

TEST(DefaultPoolDeathTest, TakesNothingFromDestructorsOfStaticObjectsThatOutliveIt) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        struct Late {
          ~Late() {
            std::_Exit(default_pool().post([] {}) ? 1 : 9);
          }
        };
        static const Late late;
        default_pool().submit([] {}).get();
        std::exit(0);
      },
      testing::ExitedWithCode(9), "");
}

TEST(DefaultPoolDeathTest, LetsATaskEndTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        default_pool().post([] { std::exit(3); });
        for (;;) pause();
      },
      testing::ExitedWithCode(3), "");
}

}  // namespace
}  // namespace waybill
