#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/async/context_promise.h>
#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/internal/plain_coroutine.h>
#include <waybill/async/sync_wait.h>
#include <waybill/async/task.h>
#include <waybill/async/thread_pool.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::named;
using internal::PlainCoroutine;

TEST(ThreadPoolCoroutine, ScheduleMovesACoroutineToThePool) {
  ThreadPool pool({.threads = 2});
  const Scope scope{named("caller")};
  const auto work = [](ThreadPool& on) -> task<std::string> {
    co_await on.schedule();
    co_return current_name() + (on.is_own_thread() ? " in the pool" : "");
  };
  EXPECT_EQ(sync_wait(work(pool)), "caller in the pool");
}

TEST(ThreadPoolCoroutine, ScheduleThrowsWhenThePoolIsStopped) {
  ThreadPool pool({.threads = 1});
  pool.stop();
  const auto work = [](ThreadPool& on) -> task<> { co_await on.schedule(); };
  EXPECT_THROW(sync_wait(work(pool)), std::future_error);
}

TEST(ThreadPoolCoroutine, ScheduleGoesAroundTheBound) {
  ThreadPool pool({.threads = 1, .max_pending = 1});
  std::promise<void> go;
  pool.post([wait = go.get_future()]() mutable { wait.wait(); });
  constexpr int kCoroutines = 100;
  std::atomic<int> moved{0};
  for (int i = 0; i < kCoroutines; ++i) {
    [](ThreadPool& on, std::atomic<int>& count) -> PlainCoroutine {
      co_await on.schedule();
      ++count;
    }(pool, moved);
  }
  go.set_value();
  pool.stop();
  EXPECT_EQ(moved, kCoroutines);
}

struct Eager {
  struct promise_type : ContextPromise<std::suspend_never, std::suspend_never> {
    Eager get_return_object() { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

// Starts `coroutine` 2,000 times, each under a context of its own, between two pools.
template <class Coroutine>
void run_thousands(Coroutine coroutine) {
  constexpr int kCoroutines = 2000;
  std::atomic<int> wrong{0};
  {
    ThreadPool a({.threads = 2});
    ThreadPool b({.threads = 2});
    std::latch done(kCoroutines);
    for (int i = 0; i < kCoroutines; ++i) {
      const Scope scope{counted("c" + std::to_string(i))};
      coroutine(a, b, i, 10, wrong, done);
    }
    done.wait();
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_TRUE(Context::current().empty());
  EXPECT_EQ(Counted::alive, 0);
}

Eager hop(ThreadPool& a, ThreadPool& b, int number, int hops, std::atomic<int>& wrong,
          std::latch& done) {
  const std::string name = "c" + std::to_string(number);
  for (int i = 0; i < hops; ++i) {
    co_await (i % 2 == 0 ? a : b).schedule();
    wrong += current_name() != name;
    const Scope inner{counted(name + "-inner")};
    wrong += co_await a.submit(current_name) != name + "-inner";
    wrong += current_name() != name + "-inner";
    co_await b.submit([] { restore(named("left behind")); });
    wrong += current_name() != name + "-inner";
  }
  done.count_down();
}

TEST(ThreadPoolCoroutine, ThousandsThatCarryTheirContextHopBetweenPools) {
  run_thousands(hop);
}

// One that knows nothing of contexts finds, after each await, the one in which it awaited.
PlainCoroutine hop_plainly(ThreadPool& a, ThreadPool& b, int number, int hops,
                           std::atomic<int>& wrong, std::latch& done) {
  const std::string name = "c" + std::to_string(number);
  for (int i = 0; i < hops; ++i) {
    co_await (i % 2 == 0 ? a : b).schedule();
    wrong += current_name() != name;
    wrong += co_await b.submit(current_name) != name;
    wrong += current_name() != name;
  }
  done.count_down();
}

TEST(ThreadPoolCoroutine, ThousandsThatKnowNothingOfContextsHopBetweenPools) {
  run_thousands(hop_plainly);
}

// The coroutine's end lets go of the pool that it moved to, while the thread that moved it there
// may still be on its way back.
TEST(ThreadPoolCoroutine, APoolMayEndAsSoonAsTheLastCoroutineHasMovedToIt) {
  ThreadPool from({.threads = 1});
  for (int i = 0; i < 1000; ++i) {
    auto to = std::make_unique<ThreadPool>(ThreadPoolOptions{.threads = 1});
    std::promise<void> moved;
    [](ThreadPool& a, ThreadPool& b, std::promise<void>& done) -> PlainCoroutine {
      co_await a.schedule();
      co_await b.schedule();
      done.set_value();
    }(from, *to, moved);
    moved.get_future().wait();
    to.reset();
  }
}

}  // namespace
}  // namespace waybill
