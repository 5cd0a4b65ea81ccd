#include <atomic>
#include <list>
#include <numeric>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/parallel.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::named;

class ParallelTest : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(Context::current().empty()) << "the test left a context";
    pool_.stop();
    EXPECT_EQ(Counted::alive, 0) << "a context was not released";
  }
  ThreadPool pool_{{.threads = 4}};
};

TEST_F(ParallelTest, VisitsEachElementOnceUnderTheCallersContext) {
  std::vector<int> visits(10'000);
  std::atomic<int> wrong{0};
  {
    const Scope scope{counted("caller")};
    parallel_for_each(pool_, visits, [&](int& visit) {
      ++visit;
      wrong += current_name() != "caller";
    });
    EXPECT_EQ(current_name(), "caller");
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(visits, std::vector<int>(10'000, 1));
}

TEST_F(ParallelTest, UsesThePoolsThreads) {
  std::atomic<int> elsewhere{0};
  const std::thread::id here = std::this_thread::get_id();
  parallel_for_each(pool_, std::views::iota(0, 2), [&](int) {
    if (std::this_thread::get_id() != here) {
      elsewhere = 1;
    } else {
      while (elsewhere == 0) std::this_thread::yield();
    }
  });
  EXPECT_EQ(elsewhere, 1);
}

TEST_F(ParallelTest, WhatATurnLeavesBehindEndsWithIt) {
  std::atomic<int> wrong{0};
  const Scope scope{named("caller")};
  parallel_for_each(pool_, std::views::iota(0, 5000), [&](int) {
    wrong += current_name() != "caller";
    restore(counted("left behind"));
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(current_name(), "caller");
}

TEST_F(ParallelTest, TakesListsAndEmptyRanges) {
  std::list<int> numbers(1000, 2);
  std::atomic<int> sum{0};
  parallel_for_each(pool_, numbers, [&](int n) { sum += n; });
  EXPECT_EQ(sum, 2000);
  parallel_for_each(pool_, std::vector<int>(), [&](int) { sum = -1; });
  EXPECT_EQ(sum, 2000);
}

TEST_F(ParallelTest, ThrowsTheFirstExceptionAndLeavesTheRestOut) {
  std::atomic<int> visited{0};
  EXPECT_THROW(parallel_for_each(pool_, std::views::iota(0, 1'000'000),
                                 [&](int) {
                                   ++visited;
                                   throw std::runtime_error("no");
                                 }),
               std::runtime_error);
  EXPECT_LE(visited, 5);
}

TEST_F(ParallelTest, IsNestedInThePoolsOwnThreads) {
  ThreadPool one({.threads = 1});
  std::atomic<int> right{0};
  const Scope scope{named("caller")};
  one.submit([&] {
       parallel_for_each(one, std::views::iota(0, 10), [&](int i) {
         const Scope inner{named(std::to_string(i))};
         parallel_for_each(one, std::views::iota(0, 10),
                           [&](int) { right += current_name() == std::to_string(i); });
       });
     })
      .get();
  EXPECT_EQ(right, 100);
}

TEST_F(ParallelTest, ManyLoopsFromManyThreadsDoNotMix) {
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> callers;
    for (int c = 0; c < 4; ++c) {
      callers.emplace_back([&, name = "caller-" + std::to_string(c)] {
        const Scope scope{counted(name)};
        for (int i = 0; i < 300; ++i) {
          parallel_for_each(pool_, std::views::iota(0, 100),
                            [&](int) { wrong += current_name() != name; });
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST_F(ParallelTest, DoesAllItselfWhenThePoolIsStopped) {
  pool_.stop();
  int visited = 0;
  parallel_for_each(pool_, std::views::iota(0, 100), [&](int) { ++visited; });
  EXPECT_EQ(visited, 100);
}

TEST_F(ParallelTest, InvokesEachFunctionUnderTheCallersContext) {
  const Scope scope{named("caller")};
  std::string a;
  std::string b;
  std::string c;
  parallel_invoke(
      pool_, [&] { a = current_name(); }, [&] { b = current_name(); },
      [&] {
        c = current_name();
        return 1;
      });
  EXPECT_EQ(a + b + c, "callercallercaller");
  EXPECT_THROW(parallel_invoke(
                   pool_, [] {}, [] { throw 1; }),
               int);
}

}  // namespace
}  // namespace waybill
