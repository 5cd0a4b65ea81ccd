#include <atomic>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/async/detail/backlog.h>

namespace waybill::detail {
namespace {

TEST(Backlog, TakesUpToItsBound) {
  Backlog backlog(2);
  EXPECT_EQ(backlog.try_enter(), Backlog::Entry::kEntered);
  EXPECT_EQ(backlog.try_enter(), Backlog::Entry::kEntered);
  EXPECT_EQ(backlog.try_enter(), Backlog::Entry::kFull);
  EXPECT_EQ(backlog.size(), 2U);
  backlog.leave();
  EXPECT_EQ(backlog.try_enter(), Backlog::Entry::kEntered);
}

TEST(Backlog, HasNoBoundByZero) {
  Backlog backlog(0);
  for (int i = 0; i < 100'000; ++i) ASSERT_EQ(backlog.try_enter(), Backlog::Entry::kEntered);
}

TEST(Backlog, LetsSomeAroundTheBoundAndSomeInWhenClosed) {
  Backlog backlog(1);
  EXPECT_TRUE(backlog.enter_full());
  EXPECT_TRUE(backlog.enter_full());
  backlog.close();
  EXPECT_TRUE(backlog.is_closed());
  EXPECT_FALSE(backlog.enter_full());
  EXPECT_FALSE(backlog.enter_when_there_is_room());
  EXPECT_EQ(backlog.try_enter(), Backlog::Entry::kClosed);
  backlog.enter_closed();
  EXPECT_EQ(backlog.size(), 3U);
}

TEST(Backlog, TurnsWhoWaitsForRoomAwayWhenClosed) {
  Backlog backlog(1);
  ASSERT_TRUE(backlog.enter_full());
  std::atomic<int> turned_away{0};
  std::latch begun(3);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      begun.count_down();
      turned_away += !backlog.enter_when_there_is_room();
    });
  }
  begun.wait();
  backlog.close();
  threads.clear();
  EXPECT_EQ(turned_away, 3);
  EXPECT_EQ(backlog.size(), 1U);
}

TEST(Backlog, KeepsItsBoundAndLosesNobodyAmongManyThreads) {
  constexpr int kEntries = 50'000;
  constexpr std::uint64_t kBound = 3;
  Backlog backlog(kBound);
  std::atomic<int> entered{0};
  std::atomic<int> beyond{0};
  std::atomic<int> to_leave{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kEntries; ++i) {
          entered += backlog.enter_when_there_is_room();
          ++to_leave;
        }
      });
    }
    for (int left = 0; left < 3 * kEntries;) {
      beyond += backlog.size() > kBound;
      if (to_leave == 0) {
        std::this_thread::yield();
        continue;
      }
      --to_leave;
      backlog.leave();
      ++left;
    }
  }
  EXPECT_EQ(entered, 3 * kEntries);
  EXPECT_EQ(beyond, 0);
  EXPECT_EQ(backlog.size(), 0U);
}

TEST(Backlog, CanEndAsSoonAsItIsEmptyAndTheLastLeftForGood) {
  for (int i = 0; i < 1000; ++i) {
    auto backlog = std::make_unique<Backlog>(0);
    ASSERT_TRUE(backlog->enter_full());
    std::jthread last([&backlog = *backlog] { backlog.leave_for_good(); });
    backlog->wait_until_empty();
    backlog.reset();
  }
}

}  // namespace
}  // namespace waybill::detail
