#include <array>
#include <atomic>
#include <latch>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/async/context_promise.h>
#include <waybill/async/internal/hopping_threads.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::HoppingThreads;
using internal::named;

// The smallest coroutine types that adopt the mix-in: one that begins at once, one that is resumed
// by hand.
struct Eager {
  struct promise_type : ContextPromise<std::suspend_never, std::suspend_never> {
    Eager get_return_object() { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

struct ByHand {
  struct promise_type : ContextPromise<> {
    ByHand get_return_object() {
      return ByHand{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  explicit ByHand(std::coroutine_handle<promise_type> h) : handle(h) {}
  ByHand(ByHand&& other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
  ~ByHand() {
    if (handle) handle.destroy();
  }
  std::coroutine_handle<promise_type> handle;
};

using ContextPromiseTest = internal::ContextTest;

Eager hop_with_scopes(HoppingThreads& threads, int number, int hops, std::atomic<int>& wrong,
                      std::latch& done) {
  {
    const std::string name = "coroutine-" + std::to_string(number);
    const auto check = [&](const std::string& expected) { wrong += current_name() != expected; };
    const Context mine = counted(name);
    const Scope outer{mine};
    check(name);
    for (int i = 0; i < hops; ++i) {
      co_await threads.hop();
      check(name);
      const Scope inner{named(name + "-inner")};
      co_await threads.hop();
      check(name + "-inner");
      {
        const Scope innermost{Context::current().with({{"hop", i}})};
        co_await threads.hop();
        wrong += Context::current().fields().empty();
        check(name + "-inner");
      }
      wrong += !Context::current().fields().empty();
      if (i % 2 == 0) {
        restore(named(name + "-restored"));
        co_await threads.hop();
        check(name + "-restored");
      }
    }
    check(name);
  }
  wrong += !Context::current().empty();
  done.count_down();
}

TEST_F(ContextPromiseTest, ScopesStayOpenAcrossCoAwaitWhileTheThreadChanges) {
  constexpr int kCoroutines = 10'000;
  std::atomic<int> wrong{0};
  std::latch done(kCoroutines);
  HoppingThreads threads(4);
  for (int i = 0; i < kCoroutines; ++i) hop_with_scopes(threads, i, 3, wrong, done);
  done.wait();
  EXPECT_EQ(threads.join(), 0) << "threads that were left with a context";
  EXPECT_EQ(wrong, 0);
}

ByHand scope_across_suspensions(int suspensions) {
  const Scope scope{counted("coroutine")};
  for (int i = 0; i < suspensions; ++i) {
    co_await std::suspend_always();
    EXPECT_EQ(current_name(), "coroutine");
  }
}

TEST_F(ContextPromiseTest, ASuspendedCoroutineDoesNotPolluteItsResumer) {
  const ByHand coroutine = scope_across_suspensions(3);
  const Scope resumer{counted("resumer")};
  const Context before = capture();
  while (!coroutine.handle.done()) {
    coroutine.handle.resume();
    EXPECT_EQ(Context::current(), before);
  }
}

TEST_F(ContextPromiseTest, ItsOwnRestoreAndClearStayWithIt) {
  const auto body = []() -> ByHand {
    restore(counted("restored"));
    co_await std::suspend_always();
    EXPECT_EQ(current_name(), "restored");
    clear();
    co_await std::suspend_always();
    EXPECT_TRUE(Context::current().empty());
    restore(counted("left behind"));
  };
  const ByHand coroutine = body();
  const Scope resumer{counted("resumer")};
  while (!coroutine.handle.done()) {
    coroutine.handle.resume();
    EXPECT_EQ(current_name(), "resumer");
  }
}

TEST_F(ContextPromiseTest, BeginsUnderTheContextOfItsCall) {
  std::optional<ByHand> coroutine;
  {
    const Scope caller{counted("caller")};
    coroutine.emplace([]() -> ByHand {
      EXPECT_EQ(current_name(), "caller");
      co_await std::suspend_always();
      EXPECT_EQ(current_name(), "caller");
    }());
  }
  std::thread([&] {
    const Scope resumer{counted("resumer")};
    coroutine->handle.resume();
    EXPECT_EQ(current_name(), "resumer");
  }).join();
  coroutine->handle.resume();
  EXPECT_TRUE(coroutine->handle.done());
}

TEST_F(ContextPromiseTest, AReadyAwaiterChangesNothing) {
  const auto body = []() -> ByHand {
    const Scope scope{counted("coroutine")};
    const Context before = capture();
    co_await std::suspend_never();
    EXPECT_EQ(Context::current(), before);
  };
  const ByHand coroutine = body();
  coroutine.handle.resume();
  EXPECT_TRUE(coroutine.handle.done());
}

struct Refuses {
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) const {
    EXPECT_EQ(current_name(), "coroutine");
    return false;
  }
  void await_resume() const { EXPECT_EQ(current_name(), "coroutine"); }
};
struct Throws {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const { throw 7; }
  void await_resume() const noexcept {}
};

TEST_F(ContextPromiseTest, GoesOnWhenTheAwaiterRefusesOrThrows) {
  const auto body = []() -> ByHand {
    const Scope scope{counted("coroutine")};
    co_await Refuses();
    EXPECT_EQ(current_name(), "coroutine");
    try {
      co_await Throws();
      ADD_FAILURE();
    } catch (int) {
      EXPECT_EQ(current_name(), "coroutine");
    }
    co_await std::suspend_always();
    EXPECT_EQ(current_name(), "coroutine");
  };
  const ByHand coroutine = body();
  const Scope resumer{counted("resumer")};
  coroutine.handle.resume();
  EXPECT_EQ(current_name(), "resumer");
  coroutine.handle.resume();
  EXPECT_EQ(current_name(), "resumer");
}

// Hands the coroutine to another thread, waits until it has ended and its frame is gone, and only
// then looks at the context and posts work of its own.
struct ResumesElsewhereFirst {
  std::string* seen_afterwards;
  std::thread* posted;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const {
    std::string* seen = seen_afterwards;
    std::thread* work = posted;
    std::thread([handle] { handle.resume(); }).join();
    const std::string now = current_name();
    *work = std::thread(bind([seen, now] { *seen = now + ", " + current_name(); }));
  }
  void await_resume() const noexcept {}
};

TEST_F(ContextPromiseTest, AnAwaiterSeesTheContextThoughTheCoroutineIsAlreadyGone) {
  for (int i = 0; i < 200; ++i) {
    std::string seen;
    std::thread posted;
    std::string after;
    [](std::string& seen_by_awaiter, std::thread& work, std::string& seen_after) -> Eager {
      const Scope scope{counted("coroutine")};
      co_await ResumesElsewhereFirst{&seen_by_awaiter, &work};
      seen_after = current_name();
    }(seen, posted, after);
    EXPECT_TRUE(Context::current().empty());
    posted.join();
    EXPECT_EQ(seen, "coroutine, coroutine");
    EXPECT_EQ(after, "coroutine");
  }
}

// What its destructor sees is what the coroutine's destructors log.
struct SeesAtEnd {
  std::string* seen;
  ~SeesAtEnd() { *seen = current_name(); }
};

TEST_F(ContextPromiseTest, AFrameDestroyedElsewhereUnwindsUnderItsOwnContext) {
  std::string inner;
  std::string outer;
  const auto body = [&]() -> ByHand {
    const Context borrowed = counted("outer");
    const Scope first{borrowed};
    const SeesAtEnd at_outer{&outer};
    const Scope second{counted("inner")};
    const SeesAtEnd at_inner{&inner};
    co_await std::suspend_always();
    ADD_FAILURE() << "destroyed, not resumed";
  };
  std::optional<ByHand> coroutine;
  {
    const Scope caller{counted("caller")};
    coroutine.emplace(body());
  }
  coroutine->handle.resume();
  EXPECT_EQ(Counted::alive, 3);
  std::thread([&] {
    const Scope scope{counted("x")};
    const Context before = capture();
    coroutine.reset();
    EXPECT_EQ(Context::current(), before);
    EXPECT_EQ(Counted::alive, 1) << "only x is left";
  }).join();
  EXPECT_EQ(inner, "inner");
  EXPECT_EQ(outer, "outer");
}

TEST_F(ContextPromiseTest, AFrameThatNeverBeganReleasesItsContext) {
  const Scope caller{counted("caller")};
  { const ByHand coroutine = scope_across_suspensions(1); }
  EXPECT_EQ(current_name(), "caller");
}

TEST_F(ContextPromiseTest, AwaitersAreFoundAsTheLanguageFindsThem) {
  struct Member {
    std::suspend_never operator co_await() const noexcept { return {}; }
  };
  struct Value {
    bool await_ready() const noexcept { return true; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    int& await_resume() noexcept { return value; }
    int value = 5;
  };
  const auto body = []() -> ByHand {
    co_await Member();
    const Member member;
    co_await member;
    Value value;
    int& result = co_await value;
    EXPECT_EQ(&result, &value.value);
    EXPECT_EQ(co_await Value(), 5);
  };
  const ByHand coroutine = body();
  coroutine.handle.resume();
  EXPECT_TRUE(coroutine.handle.done());
}

}  // namespace
}  // namespace waybill
