#include <memory>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/async/generator.h>
#include <waybill/async/internal/hopping_threads.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using testing::ElementsAre;

using GeneratorTest = internal::ContextTest;

generator<std::string> names(int count) {
  co_yield current_name();
  const Scope scope{counted("producer")};
  for (int i = 1; i < count; ++i) {
    co_yield current_name();
    EXPECT_EQ(current_name(), "producer");
  }
}

TEST_F(GeneratorTest, ProducerAndConsumerEachKeepTheirOwn) {
  const Scope scope{counted("consumer")};
  std::vector<std::string> seen;
  for (const std::string& name : names(3)) {
    EXPECT_EQ(current_name(), "consumer");
    seen.push_back(name);
  }
  EXPECT_THAT(seen, ElementsAre("consumer", "producer", "producer"));
}

TEST_F(GeneratorTest, TheConsumerMayChangeItsContextBetweenValues) {
  auto generated = names(4);
  auto it = generated.begin();
  {
    const Scope one{counted("one")};
    ++it;
    EXPECT_EQ(current_name(), "one");
  }
  EXPECT_TRUE(Context::current().empty());
  restore(counted("two"));
  ++it;
  EXPECT_EQ(current_name(), "two");
  clear();
  ++it;
  EXPECT_TRUE(Context::current().empty());
}

TEST_F(GeneratorTest, AbandonedEarlyItRestoresNothing) {
  for (int round = 0; round < 1000; ++round) {
    std::optional<generator<std::string>> generated;
    {
      const Scope begun{counted("where it began")};
      generated.emplace(names(3));
      auto it = generated->begin();
      ++it;
    }
    const Scope now{counted("now")};
    const Context before = capture();
    generated.reset();
    EXPECT_EQ(Context::current(), before);
  }
}

TEST_F(GeneratorTest, MayBeAbandonedOnAnotherThread) {
  std::optional<generator<std::string>> generated(names(3));
  auto it = generated->begin();
  ++it;
  std::thread([&] {
    const Scope scope{counted("x")};
    generated.reset();
    EXPECT_EQ(current_name(), "x");
  }).join();
}

TEST_F(GeneratorTest, ThrowsAtTheStepThatMetIt) {
  const auto failing = []() -> generator<int> {
    const Scope scope{counted("producer")};
    co_yield 1;
    throw std::runtime_error("no more");
  };
  const Scope scope{counted("consumer")};
  auto generated = failing();
  auto it = generated.begin();
  EXPECT_EQ(*it, 1);
  EXPECT_THROW(++it, std::runtime_error);
  EXPECT_EQ(current_name(), "consumer");
}

TEST_F(GeneratorTest, YieldsWhatIsConstantAsACopy) {
  const auto repeat = [](const std::string& text) -> generator<std::string> {
    co_yield text;
    co_yield text;
  };
  const std::string original = "the original, too long to be kept in place";
  for (std::string& copy : repeat(original)) {
    EXPECT_EQ(copy, original);
    copy.clear();
  }
}

TEST_F(GeneratorTest, IsAnInputRange) {
  const auto numbers = []() -> generator<std::unique_ptr<int>> {
    for (int i = 0;; ++i) co_yield std::make_unique<int>(i);
  };
  static_assert(std::ranges::input_range<generator<int>>);
  std::vector<int> taken;
  auto generated = numbers();
  for (std::unique_ptr<int>& number : generated) {
    taken.push_back(*std::move(number));
    if (taken.size() == 3) break;
  }
  EXPECT_THAT(taken, ElementsAre(0, 1, 2));
  int there = 1;
  const auto references = [](int& value) -> generator<int&> { co_yield value; };
  for (int& value : references(there)) value = 2;
  EXPECT_EQ(there, 2);
}

}  // namespace
}  // namespace waybill
