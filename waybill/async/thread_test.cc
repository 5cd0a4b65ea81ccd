#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/thread.h>
#include <waybill/core/bind.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::named;

TEST(Thread, HasTheContextOfWhoStartsIt) {
  std::string seen;
  {
    const Scope scope{named("starter")};
    waybill::thread([&] { seen = current_name(); }).join();
    EXPECT_EQ(current_name(), "starter");
  }
  EXPECT_EQ(seen, "starter");
}

TEST(Thread, APlainStdThreadStartsEmptyUnlessBound) {
  const Scope scope{named("starter")};
  std::string plain = "?";
  std::string bound;
  std::thread([&] { plain = current_name(); }).join();
  std::thread(waybill::bind([&] { bound = current_name(); })).join();
  EXPECT_EQ(plain, "");
  EXPECT_EQ(bound, "starter");
}

TEST(Thread, APlainStdAsyncStartsEmpty) {
  const Scope scope{named("starter")};
  EXPECT_EQ(std::async(std::launch::async, current_name).get(), "");
}

TEST(Thread, KeepsTheContextThatWasCurrentWhenItStarted) {
  std::promise<void> go;
  std::string seen;
  waybill::thread worker;
  {
    const Scope scope{named("then")};
    worker = waybill::thread([&, wait = go.get_future()]() mutable {
      wait.wait();
      seen = current_name();
    });
  }
  const Scope scope{named("now")};
  go.set_value();
  worker.join();
  EXPECT_EQ(seen, "then");
}

TEST(Thread, ChangesInItStayInIt) {
  const Scope scope{named("starter")};
  waybill::thread([] { restore(named("changed")); }).join();
  EXPECT_EQ(current_name(), "starter");
}

TEST(Thread, TakesArgumentsReferencesAndMembersAsStdThreadDoes) {
  struct Counter {
    void add(int n, std::unique_ptr<int> more) { total += n + *more; }
    int total = 0;
  } counter;
  waybill::thread(&Counter::add, &counter, 3, std::make_unique<int>(4)).join();
  EXPECT_EQ(counter.total, 7);

  int target = 0;
  waybill::thread([](int& to) { to = 5; }, std::ref(target)).join();
  EXPECT_EQ(target, 5);
}

TEST(Thread, CanBeKeptAmongStdThreads) {
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    const std::string name = "t" + std::to_string(i);
    const Scope scope{named(name)};
    threads.push_back(waybill::thread([&right, name] { right += current_name() == name; }));
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 4);
}

TEST(Thread, DestroysWhatItRanUnderTheContext) {
  struct SeesItsEnd {
    explicit SeesItsEnd(std::string* to) : to_(to) {}
    SeesItsEnd(SeesItsEnd&& other) noexcept : to_(std::exchange(other.to_, nullptr)) {}
    ~SeesItsEnd() {
      if (to_ != nullptr) *to_ = current_name();
    }
    std::string* to_;
  };
  std::string at_end;
  {
    const Scope scope{named("starter")};
    waybill::thread([end = SeesItsEnd(&at_end)] {}).join();
  }
  EXPECT_EQ(at_end, "starter");
}

TEST(Thread, LeavesNoContextBehind) {
  for (int i = 0; i < 500; ++i) {
    const Scope scope{counted("short")};
    waybill::thread([] {}).join();
  }
  EXPECT_EQ(Counted::alive, 0);
}

TEST(JThread, HasTheContextAndJoinsAtItsEnd) {
  std::string seen;
  {
    const Scope scope{named("starter")};
    const waybill::jthread worker([&](const char* suffix) { seen = current_name() + suffix; }, "!");
  }
  EXPECT_EQ(seen, "starter!");
}

TEST(JThread, GivesItsStopTokenToAFunctionThatTakesOne) {
  std::string seen;
  const Scope scope{named("starter")};
  waybill::jthread worker(
      [&](const std::stop_token& stop, int) {
        while (!stop.stop_requested()) std::this_thread::yield();
        seen = current_name();
      },
      1);
  EXPECT_TRUE(worker.request_stop());
  worker.join();
  EXPECT_EQ(seen, "starter");
}

TEST(Async, RunsUnderTheCallersContextAndReturnsItsResult) {
  const Scope scope{named("caller")};
  EXPECT_EQ(waybill::async([] { return current_name(); }).get(), "caller");
  EXPECT_EQ(waybill::async(
                std::launch::async, [](int n) { return current_name() + std::to_string(n); }, 1)
                .get(),
            "caller1");
}

TEST(Async, DeferredWorkRunsUnderTheContextOfTheCallNotOfTheWait) {
  std::future<std::string> result;
  {
    const Scope scope{named("caller")};
    result = waybill::async(std::launch::deferred, current_name);
  }
  const Scope scope{named("waiter")};
  EXPECT_EQ(result.get(), "caller");
  EXPECT_EQ(current_name(), "waiter");
}

TEST(Async, CarriesExceptions) {
  auto result = waybill::async(std::launch::async, []() -> int { throw std::runtime_error("no"); });
  EXPECT_THROW(result.get(), std::runtime_error);
}

TEST(Async, EachOfManyHasItsOwn) {
  int wrong = 0;
  for (int round = 0; round < 100; ++round) {
    std::vector<std::future<std::string>> results;
    for (int i = 0; i < 10; ++i) {
      const Scope scope{counted("a" + std::to_string(i))};
      results.push_back(waybill::async(std::launch::async, current_name));
    }
    for (int i = 0; i < 10; ++i) wrong += results[i].get() != "a" + std::to_string(i);
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(Counted::alive, 0);
}

}  // namespace
}  // namespace waybill
