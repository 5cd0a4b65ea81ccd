#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/sync_wait.h>
#include <waybill/async/when_any.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::HoppingThreads;

using WhenAnyTest = internal::ContextTest;

task<int> value(int v) {
  co_return v;
}

// Hops until it is asked to stop, each time under its own context.
task<int> until_stopped(HoppingThreads& threads, std::string name, std::atomic<int>& wrong) {
  const Scope scope{counted(name)};
  while (!(co_await stop_token()).stop_requested()) {
    co_await threads.hop();
    wrong += current_name() != name;
  }
  throw Cancelled();
}

task<int> after(HoppingThreads& threads, int hops, std::string name, std::atomic<int>& wrong) {
  const Scope scope{counted(name)};
  for (int i = 0; i < hops; ++i) {
    co_await threads.hop();
    wrong += current_name() != name;
  }
  co_return hops;
}

class WhenAnyThreads : public WhenAnyTest, public testing::WithParamInterface<int> {};

TEST_P(WhenAnyThreads, GivesTheFirstAndStopsTheOthersWithoutCrossover) {
  HoppingThreads threads(GetParam());
  std::atomic<int> wrong{0};
  for (int round = 0; round < 200; ++round) {
    const auto parent = [&]() -> task<> {
      const Scope scope{counted("parent")};
      std::vector<task<int>> some;
      some.push_back(until_stopped(threads, "a", wrong));
      some.push_back(after(threads, 3, "b", wrong));
      some.push_back(until_stopped(threads, "c", wrong));
      const auto first = co_await when_any(std::move(some));
      wrong += first.index != 1 || first.value != 3 || current_name() != "parent";
    };
    sync_wait(parent());
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(threads.join(), 0);
}

INSTANTIATE_TEST_SUITE_P(Threads, WhenAnyThreads, testing::Values(1, 4));

TEST_F(WhenAnyTest, TellsWhichOfDifferentKindsWasFirst) {
  HoppingThreads threads(1);
  std::atomic<int> wrong{0};
  const auto nothing = []() -> task<> { co_return; };
  const auto first = sync_wait(when_any(until_stopped(threads, "slow", wrong), nothing()));
  EXPECT_EQ(first.index(), 1U);
  EXPECT_EQ(std::get<0>(sync_wait(when_any(value(7), nothing()))), 7);
  EXPECT_EQ(wrong, 0);
}

TEST_F(WhenAnyTest, AFailureThatIsFirstIsThrown) {
  HoppingThreads threads(1);
  std::atomic<int> wrong{0};
  const auto failing = []() -> task<int> {
    throw std::runtime_error("first");
    co_return 0;
  };
  EXPECT_THROW(sync_wait(when_any(until_stopped(threads, "slow", wrong), failing())),
               std::runtime_error);
}

TEST_F(WhenAnyTest, NeedsAtLeastOne) {
  EXPECT_THROW(sync_wait(when_any(std::vector<task<int>>())), std::invalid_argument);
}

}  // namespace
}  // namespace waybill
