// Many tasks from many threads under many contexts.
#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/thread_pool.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;

constexpr int kSubmitters = 4;

// Counts itself, to see how many tasks there are at a time.
class Alive {
 public:
  Alive() { add(); }
  Alive(const Alive&) { add(); }
  Alive& operator=(const Alive&) = delete;
  ~Alive() { --now; }

  static inline std::atomic<int> now{0};
  static inline std::atomic<int> most{0};

 private:
  static void add() {
    const int mine = ++now;
    int seen = most.load(std::memory_order_relaxed);
    while (mine > seen && !most.compare_exchange_weak(seen, mine)) {
    }
  }
};

TEST(ThreadPoolStress, AMillionSubmitsFromFourThreadsEachUnderItsOwnContext) {
  constexpr int kTasks = 1'000'000 / kSubmitters;
  constexpr int kThreads = 4;
  constexpr int kBound = 1000;
  ThreadPool pool({.threads = kThreads, .max_pending = kBound});
  std::atomic<int> right{0};
  std::atomic<int> submitters_polluted{0};
  {
    std::vector<std::jthread> submitters;
    for (int s = 0; s < kSubmitters; ++s) {
      submitters.emplace_back([&, s] {
        const Context mine = counted("submitter-" + std::to_string(s));
        for (int i = 0; i < kTasks; ++i) {
          const Scope scope{mine.child()};
          const SpanId span = Context::current().span_id();
          pool.submit([&right, span, s, alive = Alive()] {
            const Context& current = Context::current();
            right += current.span_id() == span && current.trace_name().back() == '0' + s;
          });
        }
        submitters_polluted += !Context::current().empty();
      });
    }
  }
  pool.stop();
  EXPECT_EQ(right, kSubmitters * kTasks);
  EXPECT_EQ(submitters_polluted, 0);
  EXPECT_EQ(Counted::alive, 0);
  EXPECT_EQ(Alive::now, 0);
  // Those that wait, that run, and that are being handed over, each with a copy in the making.
  EXPECT_LE(Alive::most, kBound + kThreads + 2 * kSubmitters);
}

TEST(ThreadPoolStress, ThreadsAreEmptyBetweenTasks) {
  constexpr int kTasks = 20'000;
  ThreadPool pool({.threads = 4});
  std::atomic<int> polluted{0};
  for (int i = 0; i < kTasks; ++i) {
    {
      const Scope scope{counted("some")};
      pool.post([] { restore(counted("left behind")); });
    }
    pool.post([&] { polluted += !Context::current().empty(); });
  }
  pool.stop();
  EXPECT_EQ(polluted, 0);
  EXPECT_EQ(Counted::alive, 0);
}

TEST(ThreadPoolStress, FuturesOfFourThreadsEachHaveTheirOwnResult) {
  constexpr int kTasks = 20'000;
  ThreadPool pool({.threads = 4});
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> submitters;
    for (int s = 0; s < kSubmitters; ++s) {
      submitters.emplace_back([&, s] {
        const std::string name = "s" + std::to_string(s);
        const Scope scope{counted(name)};
        for (int i = 0; i < kTasks; ++i) {
          Future<std::string> seen = pool.submit(current_name);
          if (i % 3 == 0) continue;
          if (i % 3 == 1) seen.wait_for(std::chrono::microseconds(i % 20));
          wrong += seen.get() != name;
        }
      });
    }
  }
  pool.stop();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(Counted::alive, 0);
}

TEST(ThreadPoolStress, EndsCleanlyWhileThreadsStillSubmit) {
  std::atomic<int> done{0};
  int taken_in_all = 0;
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> taken{0};
    ThreadPool pool({.threads = 2, .max_pending = 8});
    std::vector<std::jthread> submitters;
    for (int s = 0; s < 2; ++s) {
      submitters.emplace_back([&] {
        const Scope scope{counted("submitter")};
        while (pool.post([&] { ++done; })) ++taken;
      });
    }
    while (taken < 10) std::this_thread::yield();
    pool.stop();
    submitters.clear();
    taken_in_all += taken;
  }
  EXPECT_EQ(done, taken_in_all);
  EXPECT_EQ(Counted::alive, 0);
}

}  // namespace
}  // namespace waybill
