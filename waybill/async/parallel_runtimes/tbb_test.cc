#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/parallel_invoke.h>
#include <tbb/partitioner.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/tbb.h>
#include <waybill/core/bind.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::named;

class Tbb : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(Context::current().empty()) << "the test left a context";
    EXPECT_EQ(Counted::alive, 0) << "a context was not released";
  }

  // The main thread waits for another one, so that a test knows that there was one. TBB
  // starts none on a machine that runs one at a time.
  void meet_another_thread() {
    if (std::thread::hardware_concurrency() < 2) return;
    if (std::this_thread::get_id() != main_) {
      another_ = true;
    } else {
      while (!another_) std::this_thread::yield();
    }
  }

  const tbb::global_control threads_{tbb::global_control::max_allowed_parallelism, 4};
  const std::thread::id main_ = std::this_thread::get_id();
  std::atomic<bool> another_{false};
  std::atomic<int> wrong_{0};
};

TEST_F(Tbb, WithoutAnAdaptorOtherThreadsHaveNoContext) {
  const Scope scope{named("caller")};
  tbb::parallel_for(0, 64, [&](int) {
    wrong_ += current_name() != "caller";
    meet_another_thread();
  });
  EXPECT_EQ(wrong_ > 0, another_.load());
}

TEST_F(Tbb, ParallelForOverARange) {
  std::vector<int> visits(100'000);
  {
    const Scope scope{counted("caller")};
    tbb_parallel_for(
        tbb::blocked_range<std::size_t>(0, visits.size(), 100),
        [&](const tbb::blocked_range<std::size_t>& part) {
          wrong_ += current_name() != "caller";
          for (std::size_t i = part.begin(); i != part.end(); ++i) ++visits[i];
          meet_another_thread();
          restore(named("left behind"));
        },
        tbb::simple_partitioner());
    EXPECT_EQ(current_name(), "caller");
  }
  EXPECT_EQ(wrong_, 0);
  EXPECT_EQ(visits, std::vector<int>(100'000, 1));
}

TEST_F(Tbb, ParallelForOverACount) {
  std::vector<int> visits(100'000);
  {
    const Scope scope{counted("caller")};
    tbb_parallel_for(0UL, visits.size(), [&](std::size_t i) {
      wrong_ += current_name() != "caller";
      ++visits[i];
      meet_another_thread();
    });
  }
  tbb_parallel_for(5, 5, [&](int) { ++wrong_; });
  EXPECT_EQ(wrong_, 0);
  EXPECT_EQ(visits, std::vector<int>(100'000, 1));
}

TEST_F(Tbb, ParallelReduce) {
  const Scope scope{counted("caller")};
  const int sum = tbb_parallel_reduce(
      tbb::blocked_range<int>(0, 10'000, 10), 0,
      [&](const tbb::blocked_range<int>& part, int so_far) {
        wrong_ += current_name() != "caller";
        meet_another_thread();
        return so_far + static_cast<int>(part.size());
      },
      [&](int a, int b) {
        wrong_ += current_name() != "caller";
        return a + b;
      });
  EXPECT_EQ(sum, 10'000);
  EXPECT_EQ(wrong_, 0);
}

TEST_F(Tbb, EachTaskOfAGroupHasTheContextOfItsRun) {
  constexpr int kTasks = 5000;
  std::atomic<int> right{0};
  tbb_task_group group;
  for (int i = 0; i < kTasks; ++i) {
    const std::string name = std::to_string(i);
    const Scope scope{counted(name)};
    if (i % 2 == 0) {
      group.run([&, name] { right += current_name() == name; });
    } else {
      group.run(group.defer([&, name] { right += current_name() == name; }));
    }
  }
  const Scope scope{named("waiter")};
  group.run_and_wait([&] { right += current_name() == "waiter"; });
  EXPECT_EQ(right, kTasks + 1);
  EXPECT_EQ(current_name(), "waiter");
}

TEST_F(Tbb, ATaskThatWaitsForOthersStillHasItsOwnContext) {
  constexpr int kTasks = 500;
  tbb_task_group outer;
  for (int i = 0; i < kTasks; ++i) {
    const std::string name = std::to_string(i);
    const Scope scope{counted(name)};
    outer.run([&, name] {
      const Scope inner_scope{named(name + "-inner")};
      tbb_task_group inner;
      for (int n = 0; n < 10; ++n) {
        inner.run([&] { wrong_ += current_name() != name + "-inner"; });
      }
      inner.wait();
      wrong_ += current_name() != name + "-inner";
    });
  }
  outer.wait();
  EXPECT_EQ(wrong_, 0);
}

TEST_F(Tbb, ExceptionsOfBodiesComeThrough) {
  const Scope scope{named("caller")};
  EXPECT_THROW(tbb_parallel_for(0, 10, [](int) { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_EQ(current_name(), "caller");
}

TEST_F(Tbb, ParallelForEach) {
  std::vector<int> numbers(1000, 1);
  {
    const Scope scope{counted("caller")};
    tbb_parallel_for_each(numbers, [&](int& n) {
      wrong_ += current_name() != "caller";
      ++n;
      meet_another_thread();
    });
    std::atomic<int> visits{0};
    tbb_parallel_for_each(std::vector<int>{10}, [&](int n, tbb::feeder<int>& feeder) {
      wrong_ += current_name() != "caller";
      ++visits;
      if (n != 0) feeder.add(n - 1);
    });
    EXPECT_EQ(visits, 11);
  }
  EXPECT_EQ(wrong_, 0);
  EXPECT_EQ(numbers, std::vector<int>(1000, 2));
}

TEST_F(Tbb, BindServesForWhatHasNoAdaptor) {
  const Scope scope{named("caller")};
  const auto check = [&] { wrong_ += current_name() != "caller"; };
  const auto meet = [&] {
    check();
    meet_another_thread();
  };
  tbb::parallel_invoke(waybill::bind(meet), waybill::bind(meet), waybill::bind(check));
  EXPECT_EQ(wrong_, 0);
}

}  // namespace
}  // namespace waybill
