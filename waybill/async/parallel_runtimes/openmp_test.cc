#include <atomic>
#include <string>

#include <gtest/gtest.h>
#include <omp.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/openmp.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::named;

constexpr int kThreads = 4;

class OpenMp : public testing::Test {
 protected:
  void SetUp() override {
    omp_set_dynamic(0);
    omp_set_num_threads(kThreads);
  }
  void TearDown() override {
    EXPECT_TRUE(Context::current().empty()) << "the test left a context";
    EXPECT_EQ(Counted::alive, 0) << "a context was not released";
  }
  std::atomic<int> wrong_{0};
  std::atomic<int> right_{0};
};

TEST_F(OpenMp, WithoutEnterOtherThreadsHaveNoContext) {
  const Scope scope{named("caller")};
#pragma omp parallel
  right_ += current_name() == "caller";
  EXPECT_EQ(right_, 1);
}

TEST_F(OpenMp, EachThreadOfARegionHasItsContext) {
  for (int round = 0; round < 1000; ++round) {
    const std::string name = std::to_string(round);
    const Scope scope{counted(name)};
    const OpenMpRegion region;
#pragma omp parallel
    {
      const auto here = region.enter();
      right_ += current_name() == name;
      restore(named("left behind"));
    }
    wrong_ += current_name() != name;
  }
  EXPECT_EQ(right_, 1000 * kThreads);
  EXPECT_EQ(wrong_, 0);
}

TEST_F(OpenMp, ThreadsAreEmptyAfterARegion) {
  {
    const Scope scope{counted("caller")};
    const OpenMpRegion region;
#pragma omp parallel
    const auto here = region.enter();
  }
#pragma omp parallel
  wrong_ += !Context::current().empty();
  EXPECT_EQ(wrong_, 0);
}

TEST_F(OpenMp, EachTurnOfALoopHasIts) {
  const Scope scope{counted("caller")};
  const OpenMpRegion region;
#pragma omp parallel for schedule(dynamic, 7)
  for (int i = 0; i < 10'000; ++i) {
    const auto here = region.enter();
    wrong_ += current_name() != "caller";
    const Scope inner{named("inner")};
    wrong_ += current_name() != "inner";
  }
  EXPECT_EQ(wrong_, 0);
  EXPECT_EQ(current_name(), "caller");
}

TEST_F(OpenMp, EachTaskHasTheContextOfItsMaking) {
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < 2000; ++i) {
    const std::string name = std::to_string(i);
    const Scope scope{counted(name)};
    const OpenMpRegion region;
#pragma omp task firstprivate(region, name)
    {
      const auto here = region.enter();
      right_ += current_name() == name;
    }
  }
  EXPECT_EQ(right_, 2000);
}

TEST_F(OpenMp, NestedRegionsHaveTheirs) {
  omp_set_max_active_levels(2);
  const Scope scope{counted("outer")};
  const OpenMpRegion outer;
#pragma omp parallel num_threads(2)
  {
    const auto here = outer.enter();
    const std::string name = "inner-" + std::to_string(omp_get_thread_num());
    const Scope inner_scope{counted(name)};
    const OpenMpRegion inner;
#pragma omp parallel num_threads(2)
    {
      const auto there = inner.enter();
      right_ += current_name() == name;
    }
    wrong_ += current_name() != name;
  }
  EXPECT_EQ(right_, 4);
  EXPECT_EQ(wrong_, 0);
}

}  // namespace
}  // namespace waybill
