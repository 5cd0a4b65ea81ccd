#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/thread_pool.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::named;

using ThreadPoolTest = internal::ContextTest;

// Keeps a pool's only thread busy until it is let go.
class Busy {
 public:
  explicit Busy(ThreadPool& pool) {
    pool.post([wait = go_.get_future()]() mutable { wait.wait(); });
    while (pool.pending() != 0) std::this_thread::yield();
  }
  void end() { go_.set_value(); }

 private:
  std::promise<void> go_;
};

TEST_F(ThreadPoolTest, ATaskHasTheContextOfItsSubmit) {
  ThreadPool pool({.threads = 2});
  Future<std::string> result;
  {
    const Scope scope{counted("then")};
    result = pool.submit(current_name);
  }
  const Scope scope{named("now")};
  EXPECT_EQ(result.get(), "then");
  EXPECT_EQ(current_name(), "now");
}

TEST_F(ThreadPoolTest, ATaskOfATaskHasItsParentsContext) {
  ThreadPool pool({.threads = 2});
  const Scope scope{named("outer")};
  Future<std::string> result = pool.submit([&pool] {
                                     const Scope inner{named("inner")};
                                     return pool.submit(current_name);
                                   })
                                   .get();
  EXPECT_EQ(result.get(), "inner");
}

TEST_F(ThreadPoolTest, WhatATaskLeavesBehindEndsWithIt) {
  ThreadPool pool({.threads = 1});
  pool.submit([] { restore(counted("left behind")); }).get();
  EXPECT_EQ(pool.submit(current_name).get(), "");
}

TEST_F(ThreadPoolTest, PassesArgumentsAsStdThreadDoes) {
  ThreadPool pool({.threads = 1});
  struct Counter {
    int add(std::unique_ptr<int> n) { return total += *n; }
    int total = 1;
  } counter;
  EXPECT_EQ(pool.submit(&Counter::add, &counter, std::make_unique<int>(4)).get(), 5);
  int target = 0;
  Future<int&> reference = pool.submit([](int& to) -> int& { return to = 7; }, std::ref(target));
  EXPECT_EQ(&reference.get(), &target);
  EXPECT_EQ(target, 7);
}

TEST_F(ThreadPoolTest, DestroysTheFunctionUnderItsContextBeforeTheResultIsThere) {
  struct SeesItsEnd {
    explicit SeesItsEnd(std::string* to) : to_(to) {}
    SeesItsEnd(SeesItsEnd&& other) noexcept : to_(std::exchange(other.to_, nullptr)) {}
    ~SeesItsEnd() {
      if (to_ != nullptr) *to_ = current_name();
    }
    std::string* to_;
  };
  ThreadPool pool({.threads = 1});
  std::string at_end;
  Future<> done;
  {
    const Scope scope{named("submitter")};
    done = pool.submit([end = SeesItsEnd(&at_end)] {});
  }
  done.get();
  EXPECT_EQ(at_end, "submitter");
}

TEST_F(ThreadPoolTest, CarriesExceptionsToTheFuture) {
  ThreadPool pool({.threads = 1});
  Future<int> result = pool.submit([]() -> int { throw std::runtime_error("no"); });
  EXPECT_THROW(result.get(), std::runtime_error);
  EXPECT_EQ(pool.exceptions(), 0U);
}

TEST_F(ThreadPoolTest, ExceptionsOfPostedWorkAreCountedAndGivenToTheHandlerUnderTheWorksContext) {
  std::vector<std::string> seen;
  ThreadPool pool({.threads = 1, .on_exception = [&](std::exception_ptr exception) {
                     try {
                       std::rethrow_exception(std::move(exception));
                     } catch (const std::runtime_error& error) {
                       seen.push_back(current_name() + ": " + error.what());
                     }
                     throw 1;
                   }});
  for (const char* name : {"a", "b"}) {
    const Scope scope{counted(name)};
    pool.post([] { throw std::runtime_error("no"); });
  }
  pool.stop();
  EXPECT_THAT(seen, testing::ElementsAre("a: no", "b: no"));
  EXPECT_EQ(pool.exceptions(), 2U);
}

TEST_F(ThreadPoolTest, NamesItsThreads) {
  ThreadPool pool({.threads = 1, .name = "a name of more than 15 bytes"});
  const std::string name = pool.submit([] {
                                 std::array<char, 16> buffer{};
                                 pthread_getname_np(pthread_self(), buffer.data(), buffer.size());
                                 return std::string(buffer.data());
                               })
                               .get();
  EXPECT_EQ(name, "a name of more ");
  EXPECT_EQ(pool.options().threads, 1U);
}

TEST_F(ThreadPoolTest, HasAsManyThreadsAsAskedFor) {
  ThreadPool pool({.threads = 3});
  std::latch together(3);
  std::vector<Future<>> tasks;
  tasks.reserve(3);
  for (int i = 0; i < 3; ++i) {
    tasks.push_back(pool.submit([&] { together.arrive_and_wait(); }));
  }
  for (Future<>& task : tasks) task.get();
  EXPECT_GE(ThreadPool().options().threads, 1U);
}

TEST_F(ThreadPoolTest, StopDoesWhatWaitsAndWhatThatAdds) {
  ThreadPool pool({.threads = 1});
  std::atomic<int> done{0};
  std::promise<void> go;
  pool.post([&, wait = go.get_future()]() mutable {
    wait.wait();
    pool.post([&] { pool.post([&] { ++done; }); });
  });
  for (int i = 0; i < 100; ++i) pool.post([&] { ++done; });
  std::jthread letter([&] { go.set_value(); });
  pool.stop();
  EXPECT_EQ(done, 101);
  pool.stop();
}

TEST_F(ThreadPoolTest, AfterStopItTakesNothing) {
  ThreadPool pool({.threads = 1});
  pool.stop();
  const Scope scope{counted("late")};
  try {
    pool.submit([] {}).get();
    FAIL();
  } catch (const std::future_error& error) {
    EXPECT_EQ(error.code(), std::future_errc::broken_promise);
  }
  EXPECT_FALSE(pool.post([] {}));
  EXPECT_FALSE(pool.try_post([] {}));
  EXPECT_EQ(pool.pending(), 0U);
}

TEST_F(ThreadPoolTest, StopFromATaskReturnsAtOnceAndIsFinishedFromOutside) {
  ThreadPool pool({.threads = 2});
  const bool refused = pool.submit([&] {
                             pool.stop();
                             return !pool.try_post([] {});
                           })
                           .get();
  EXPECT_TRUE(refused);
  pool.stop();
}

TEST_F(ThreadPoolTest, SubmitWaitsForRoomAndTryPostDoesNot) {
  ThreadPool pool({.threads = 1, .max_pending = 2});
  Busy busy(pool);
  ASSERT_TRUE(pool.try_post([] {}));
  ASSERT_TRUE(pool.try_post([] {}));
  EXPECT_FALSE(pool.try_post([] {}));
  EXPECT_EQ(pool.pending(), 2U);

  std::atomic<bool> submitted{false};
  std::jthread submitter([&] {
    pool.submit([] {}).get();
    submitted = true;
  });
  EXPECT_FALSE(submitted);
  busy.end();
  submitter.join();
  EXPECT_TRUE(submitted);
}

TEST_F(ThreadPoolTest, ItsOwnThreadsAreNeverBlocked) {
  ThreadPool pool({.threads = 1, .max_pending = 1});
  std::atomic<int> done{0};
  pool.submit([&] {
        EXPECT_TRUE(pool.is_own_thread());
        for (int i = 0; i < 100; ++i) pool.post([&] { ++done; });
      })
      .get();
  EXPECT_FALSE(pool.is_own_thread());
  pool.stop();
  EXPECT_EQ(done, 100);
}

TEST_F(ThreadPoolTest, StopTurnsAwayWhoWaitsForRoom) {
  ThreadPool pool({.threads = 1, .max_pending = 1});
  Busy busy(pool);
  ASSERT_TRUE(pool.try_post([] {}));
  std::atomic<bool> taken{true};
  std::jthread submitter([&] { taken = pool.post([] {}); });
  std::jthread stopper([&] { pool.stop(); });
  submitter.join();
  EXPECT_FALSE(taken);
  busy.end();
}

TEST_F(ThreadPoolTest, ItsExecutorServesAsio) {
  ThreadPool pool({.threads = 1});
  std::promise<bool> ran;
  boost::asio::post(pool.executor(), [&] { ran.set_value(pool.is_own_thread()); });
  EXPECT_TRUE(ran.get_future().get());
}

}  // namespace
}  // namespace waybill
