#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/sync_wait.h>
#include <waybill/async/when_all.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::HoppingThreads;
using internal::named;
using testing::ElementsAre;

using WhenAllTest = internal::ContextTest;

task<int> value(int v) {
  co_return v;
}
task<> nothing() {
  co_return;
}

TEST_F(WhenAllTest, GivesTheResultsInOrder) {
  auto [a, b, c] = sync_wait(when_all(value(1), nothing(), value(3)));
  EXPECT_EQ(a, 1);
  EXPECT_EQ(b, std::monostate());
  EXPECT_EQ(c, 3);
  std::vector<task<int>> many;
  for (int i = 0; i < 4; ++i) many.push_back(value(i * i));
  EXPECT_THAT(sync_wait(when_all(std::move(many))), ElementsAre(0, 1, 4, 9));
  EXPECT_THAT(sync_wait(when_all(std::vector<task<int>>())), testing::IsEmpty());
}

// Yields to its siblings on one thread, or changes threads.
struct Interleave {
  HoppingThreads& threads;
  auto operator()() const noexcept { return threads.hop(); }
};

task<int> child(HoppingThreads& threads, int number, std::string parent, std::atomic<int>& wrong) {
  wrong += current_name() != parent;
  const std::string mine = parent + "/" + std::to_string(number);
  const Scope scope{counted(mine)};
  for (int i = 0; i < 5; ++i) {
    co_await threads.hop();
    wrong += current_name() != mine;
    if (number % 3 == 0) {
      const Scope inner{named(mine + "/inner")};
      co_await threads.hop();
      wrong += current_name() != mine + "/inner";
    }
    wrong += current_name() != mine;
  }
  co_return number;
}

task<> gather(HoppingThreads& threads, std::string name, std::atomic<int>& wrong) {
  co_await threads.hop();
  const Scope scope{counted(name)};
  std::vector<task<int>> children;
  for (int i = 0; i < 100; ++i) children.push_back(child(threads, i, name, wrong));
  const std::vector<int> results = co_await when_all(std::move(children));
  for (int i = 0; i < 100; ++i) wrong += results[static_cast<std::size_t>(i)] != i;
  wrong += current_name() != name;
}

class WhenAllThreads : public WhenAllTest, public testing::WithParamInterface<int> {};

TEST_P(WhenAllThreads, AHundredChildrenWithTheirOwnIdsNeverCross) {
  HoppingThreads threads(GetParam());
  std::atomic<int> wrong{0};
  for (int round = 0; round < 20; ++round) {
    sync_wait([](HoppingThreads& on, std::atomic<int>& errors) -> task<> {
      // Two gathers side by side, too.
      co_await when_all(gather(on, "left", errors), gather(on, "right", errors));
    }(threads, wrong));
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(threads.join(), 0);
}

INSTANTIATE_TEST_SUITE_P(Threads, WhenAllThreads, testing::Values(1, 4));

TEST_F(WhenAllTest, ThrowsTheFirstFailureAfterAllAreDone) {
  HoppingThreads threads(2);
  std::atomic<int> finished = 0;
  const auto slow = [&]() -> task<> {
    while (!(co_await stop_token()).stop_requested()) co_await threads.hop();
    ++finished;
  };
  const auto failing = [&]() -> task<> {
    co_await threads.hop();
    throw std::runtime_error("first");
  };
  const auto parent = [&]() -> task<> {
    const Scope scope{counted("parent")};
    try {
      co_await when_all(slow(), failing(), slow());
      ADD_FAILURE() << "should have thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "first");
      EXPECT_EQ(current_name(), "parent");
    }
  };
  sync_wait(parent());
  EXPECT_EQ(finished, 2) << "the others are asked to stop, and waited for";
}

TEST_F(WhenAllTest, PassesAStopRequestOn) {
  std::stop_source source;
  const auto waiting = []() -> task<bool> { co_return (co_await stop_token()).stop_requested(); };
  const auto parent = [&]() -> task<int> {
    source.request_stop();
    auto [a, b] = co_await when_all(waiting(), waiting());
    co_return a + b;
  };
  EXPECT_EQ(sync_wait(parent(), source.get_token()), 2);
}

TEST_F(WhenAllTest, MovesWhatCannotBeCopied) {
  const auto make = [](int v) -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(v); };
  auto [a, b] = sync_wait(when_all(make(1), make(2)));
  EXPECT_EQ(*a + *b, 3);
}

}  // namespace
}  // namespace waybill
