#include <latch>
#include <memory>
#include <stop_token>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/sync_wait.h>
#include <waybill/async/task.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::HoppingThreads;
using internal::named;

using TaskTest = internal::ContextTest;

task<int> number(int value) {
  co_return value;
}

TEST_F(TaskTest, ReturnsValuesReferencesAndNothing) {
  EXPECT_EQ(sync_wait(number(4)), 4);
  int there = 0;
  sync_wait([](int& out) -> task<> {
    out = 1;
    co_return;
  }(there));
  EXPECT_EQ(there, 1);
  int& reference = sync_wait([](int& out) -> task<int&> { co_return out; }(there));
  EXPECT_EQ(&reference, &there);
  EXPECT_EQ(
      *sync_wait([]() -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(9); }()), 9);
}

TEST_F(TaskTest, ThrowsWhereItIsAwaited) {
  const auto failing = []() -> task<int> {
    const Scope scope{counted("failing")};
    throw std::runtime_error("no");
    co_return 1;
  };
  EXPECT_THROW(sync_wait(failing()), std::runtime_error);
  sync_wait([](auto fail) -> task<> {
    const Scope scope{counted("caller")};
    try {
      co_await fail();
      ADD_FAILURE();
    } catch (const std::runtime_error&) {
      EXPECT_EQ(current_name(), "caller");
    }
  }(failing));
}

task<> expect_name(std::string name) {
  EXPECT_EQ(current_name(), name);
  co_return;
}

TEST_F(TaskTest, BeginsUnderTheContextThatAwaitsIt) {
  sync_wait([]() -> task<> {
    task<> made_early = expect_name("where awaited");
    const Scope scope{counted("where awaited")};
    co_await std::move(made_early);
  }());
  const Scope scope{counted("waiting thread")};
  sync_wait(expect_name("waiting thread"));
}

TEST_F(TaskTest, ItsChangesEndWithIt) {
  const auto changes = []() -> task<> {
    restore(counted("changed"));
    co_return;
  };
  sync_wait([](auto change) -> task<> {
    const Scope scope{counted("parent")};
    const Context before = capture();
    co_await change();
    EXPECT_EQ(Context::current(), before);
  }(changes));
}

task<> child(HoppingThreads& threads, std::string parent, std::atomic<int>& wrong) {
  wrong += current_name() != parent;
  co_await threads.hop();
  wrong += current_name() != parent;
  const Scope scope{named("child of " + parent)};
  co_await threads.hop();
  wrong += current_name() != "child of " + parent;
}

TEST_F(TaskTest, ParentsAndChildrenHopThreadsEachWithItsOwn) {
  HoppingThreads threads(4);
  std::atomic<int> wrong{0};
  const auto parent = [&](int i) -> task<> {
    const std::string name = "parent-" + std::to_string(i);
    const Scope scope{counted(name)};
    for (int round = 0; round < 3; ++round) {
      co_await child(threads, name, wrong);
      wrong += current_name() != name;
    }
  };
  {
    std::vector<std::jthread> waiting;
    for (int t = 0; t < 2; ++t) {
      waiting.emplace_back([&, t] {
        for (int i = 0; i < 500; ++i) sync_wait(parent(t * 1000 + i));
        wrong += !Context::current().empty();
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(threads.join(), 0);
}

[[gnu::noinline]] std::uintptr_t stack_pointer() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}
task<std::uintptr_t> stack_depth() {
  co_return stack_pointer();
}

// Without optimisation, GCC uses stack for each transfer.
#ifdef __OPTIMIZE__
constexpr int kChain = 100'000;
#else
constexpr int kChain = 1'000;
#endif

TEST_F(TaskTest, AChainOfTransfersRestoresTheParentAndUsesNoStack) {
  sync_wait([]() -> task<> {
    const Scope scope{counted("parent")};
    const Context before = capture();
    std::uintptr_t lowest = UINTPTR_MAX;
    std::uintptr_t highest = 0;
    for (int i = 0; i < kChain; ++i) {
      const std::uintptr_t depth = co_await stack_depth();
      lowest = std::min(lowest, depth);
      highest = std::max(highest, depth);
      if (Context::current() != before) ADD_FAILURE() << i;
    }
    EXPECT_LT(highest - lowest, 4096U);
  }());
}

task<int> nested(int depth) {
  const Scope scope{Context::current().child()};
  const SpanId mine = Context::current().span_id();
  const int below = depth == 0 ? 0 : co_await nested(depth - 1);
  if (Context::current().span_id() != mine) ADD_FAILURE() << "at " << depth;
  co_return below + 1;
}

TEST_F(TaskTest, AChainOfNestedTasksComesBackToEveryParent) {
  const Scope scope{named("root")};
  EXPECT_EQ(sync_wait(nested(kChain)), kChain + 1);
}

TEST_F(TaskTest, SeesTheStopTokenOfWhoAwaitsIt) {
  std::stop_source source;
  source.request_stop();
  const auto stopped = []() -> task<bool> { co_return (co_await stop_token()).stop_requested(); };
  const auto parent = [](auto inner) -> task<bool> { co_return co_await inner(); };
  EXPECT_TRUE(sync_wait(parent(stopped), source.get_token()));
  EXPECT_FALSE(sync_wait(parent(stopped)));
}

TEST_F(TaskTest, ACoroutineOfAnotherKindMayAwaitIt) {
  struct Plain {
    struct promise_type {
      Plain get_return_object() { return {}; }
      std::suspend_never initial_suspend() { return {}; }
      std::suspend_never final_suspend() noexcept { return {}; }
      void return_void() {}
      void unhandled_exception() { std::terminate(); }
    };
  };
  HoppingThreads threads(1);
  std::latch done(1);
  const auto work = [](HoppingThreads& on) -> task<std::string> {
    co_await on.hop();
    co_return current_name();
  };
  std::string seen;
  const Scope scope{counted("plain caller")};
  [](task<std::string> from, std::string& out, std::latch& over) -> Plain {
    out = co_await std::move(from);
    over.count_down();
  }(work(threads), seen, done);
  EXPECT_EQ(current_name(), "plain caller");
  done.wait();
  EXPECT_EQ(seen, "plain caller");
}

TEST_F(TaskTest, ASuspendedChainIsDestroyedUnderItsOwnContexts) {
  struct SeesAtEnd {
    std::string* seen;
    ~SeesAtEnd() { *seen += current_name() + ' '; }
  };
  struct Never {
    std::coroutine_handle<>* handle;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) const noexcept { *handle = h; }
    void await_resume() const noexcept {}
  };
  struct Root {
    struct promise_type : ContextPromise<> {
      Root get_return_object() {
        return {std::coroutine_handle<promise_type>::from_promise(*this)};
      }
      void return_void() {}
      void unhandled_exception() { std::terminate(); }
    };
    std::coroutine_handle<promise_type> handle;
  };
  std::string seen;
  std::coroutine_handle<> leaf;
  const auto inner = [&]() -> task<> {
    const Scope scope{counted("inner")};
    const SeesAtEnd end{&seen};
    co_await Never{&leaf};
  };
  const auto outer = [&]() -> task<> {
    const Scope scope{counted("outer")};
    const SeesAtEnd end{&seen};
    co_await inner();
  };
  const auto start = [&]() -> Root { co_await outer(); };
  const Root root = start();
  root.handle.resume();
  std::thread([&] {
    const Scope scope{counted("x")};
    root.handle.destroy();
    EXPECT_EQ(current_name(), "x");
    EXPECT_EQ(Counted::alive, 1);
  }).join();
  EXPECT_EQ(seen, "inner outer ");
}

}  // namespace
}  // namespace waybill
