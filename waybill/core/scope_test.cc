#include <memory>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/bind.h>
#include <waybill/core/context_var.h>
#include <waybill/core/scope.h>

namespace waybill {
namespace {

std::string_view current_name() {
  return Context::current().trace_name();
}
Context named(std::string_view name) {
  return Context::new_trace({.name = name});
}

class ScopeTest : public testing::Test {
 protected:
  void TearDown() override { EXPECT_TRUE(Context::current().empty()) << "the test left a context"; }
};

TEST_F(ScopeTest, TheAmbientContextIsEmptyAtFirst) {
  EXPECT_TRUE(Context::current().empty());
}

TEST_F(ScopeTest, NestedScopesRestoreWhatWasBefore) {
  const Context a = named("a");
  const Context b = named("b");
  {
    const Scope outer{a};
    EXPECT_EQ(current_name(), "a");
    {
      const Scope inner{b};
      EXPECT_EQ(current_name(), "b");
      {
        const Scope nothing{Context()};
        EXPECT_TRUE(Context::current().empty());
      }
      EXPECT_EQ(current_name(), "b");
    }
    EXPECT_EQ(current_name(), "a");
  }
  EXPECT_TRUE(Context::current().empty());
}

TEST_F(ScopeTest, RestoresWhenAnExceptionLeavesTheBlock) {
  EXPECT_THROW(
      {
        const Scope scope{named("thrown")};
        throw 1;
      },
      int);
  EXPECT_TRUE(Context::current().empty());
}

TEST_F(ScopeTest, OwnsATemporary) {
  const Scope scope{named("a long enough name to live on the heap").with({{"f", 1}})};
  EXPECT_EQ(current_name(), "a long enough name to live on the heap");
}

TEST_F(ScopeTest, OverridesFieldsOfTheAmbientContextForABlock) {
  const Scope outer{named("t").with({{"job_id", 1}})};
  {
    const Scope inner{Context::current().with({{"job_id", 2}})};
    EXPECT_EQ(Context::current().fields()[0].value.as_int64(), 2);
    EXPECT_EQ(current_name(), "t");
  }
  EXPECT_EQ(Context::current().fields()[0].value.as_int64(), 1);
}

TEST_F(ScopeTest, BelongsToOneThread) {
  const Scope scope{named("here")};
  std::thread([] {
    EXPECT_TRUE(Context::current().empty());
    const Scope other{named("there")};
    EXPECT_EQ(current_name(), "there");
  }).join();
  EXPECT_EQ(current_name(), "here");
}

TEST_F(ScopeTest, CaptureOutlivesTheScope) {
  Context captured;
  {
    const Scope scope{named("captured")};
    captured = capture();
  }
  EXPECT_EQ(captured.trace_name(), "captured");
}

TEST_F(ScopeTest, RestoreInstallsUntilSomethingElseIs) {
  restore(named("first"));
  EXPECT_EQ(current_name(), "first");
  restore(named("second"));
  EXPECT_EQ(current_name(), "second");
  restore(capture());
  EXPECT_EQ(current_name(), "second");
  clear();
  EXPECT_TRUE(Context::current().empty());
}

TEST_F(ScopeTest, AScopeUndoesARestoreWithinIt) {
  restore(named("base"));
  {
    const Scope scope{named("scope")};
    restore(named("replaced"));
    EXPECT_EQ(current_name(), "replaced");
    {
      const Scope inner{named("inner")};
      clear();
      EXPECT_TRUE(Context::current().empty());
    }
    EXPECT_EQ(current_name(), "replaced");
  }
  EXPECT_EQ(current_name(), "base");
  clear();
}

// Address- and LeakSanitizer watch over this one: what restore() left must go with the thread.
TEST_F(ScopeTest, AThreadMayEndWithARestoredContext) {
  std::thread([] { restore(named("left behind by a thread that ends")); }).join();
  EXPECT_TRUE(Context::current().empty());
}

// A scope that is not on the stack, as those of a coroutine are not.
std::unique_ptr<Scope> heap_scope(const Context& context) {
  return std::make_unique<Scope>(context);
}

// Begun on a thread that ends.
std::unique_ptr<Scope> scope_of_another_thread(const Context& context) {
  std::unique_ptr<Scope> scope;
  std::thread([&] { scope = heap_scope(context); }).join();
  return scope;
}

TEST_F(ScopeTest, EndedOnAThreadWithAContextOfItsOwnItChangesNothing) {
  const Context a = named("a");
  auto scope = scope_of_another_thread(a);
  const Scope own{named("x")};
  const Context before = capture();
  scope.reset();
  EXPECT_EQ(Context::current(), before);
}

TEST_F(ScopeTest, EndedOnAThreadWithTheSameContextItChangesNothingEither) {
  const Context a = named("a");
  auto scope = scope_of_another_thread(a);
  const Scope own{a};
  scope.reset();
  EXPECT_EQ(current_name(), "a");
}

TEST_F(ScopeTest, AScopeOnTheStackEndsWhatWasLeftOpenWithinIt) {
  const Context a = named("a");
  const Context b = named("b");
  std::unique_ptr<Scope> left_open;
  {
    const Scope scope{a};
    left_open = heap_scope(b);
    EXPECT_EQ(current_name(), "b");
  }
  EXPECT_TRUE(Context::current().empty());
  left_open.reset();
  EXPECT_TRUE(Context::current().empty());
}

// The bracket carries which scope is the innermost: it may end in a call that goes on elsewhere.
TEST_F(ScopeTest, OffTheStackItRestoresWhatWasBeforeWhereverItsFlowGoesOn) {
  auto before = std::make_unique<Context>(named("before"));
  const Context within = named("within");
  std::unique_ptr<Scope> scope;
  auto go_on = [&] {
    const Scope outer{*before};
    scope = heap_scope(within);
    return bind([&] {
      EXPECT_EQ(current_name(), "within");
      scope.reset();
      EXPECT_EQ(current_name(), "before");
    });
  }();
  before.reset();  // the scope keeps what it will put back
  std::thread(std::move(go_on)).join();
  EXPECT_TRUE(Context::current().empty());
}

TEST_F(ScopeTest, OffTheStackItKeepsWhatItInstalled) {
  auto context = std::make_unique<Context>(named("a"));
  auto scope = heap_scope(*context);
  std::thread([&] {
    scope.reset();
    context.reset();
  }).join();
  EXPECT_EQ(current_name(), "a") << "the thread that began it still shows it";
  clear();
}

// One that says when it goes.
struct Witness {
  explicit Witness(int& count) : alive(&count) { ++*alive; }
  Witness(const Witness& other) : alive(other.alive) { ++*alive; }
  Witness& operator=(const Witness&) = delete;
  ~Witness() { --*alive; }
  int* alive;
};
const ContextVar<Witness> witness;

TEST_F(ScopeTest, AContextGoesWithItsLastHolderHoweverOftenItWasHandedOut) {
  int alive = 0;
  for (const int copies : {0, 1, 2, 3, 15, 16, 17, 100}) {
    std::vector<Context> kept;
    {
      const Scope scope{witness.set_in(named("w"), Witness(alive))};
      for (int i = 0; i < copies; ++i) kept.push_back(capture());
      for (int i = 0; i < copies; ++i) capture();
      const Scope other{named("other")};
      capture();
      EXPECT_EQ(alive, 1);
    }
    EXPECT_EQ(alive, copies == 0 ? 0 : 1);
    std::thread([&] { kept.clear(); }).join();
    EXPECT_EQ(alive, 0) << copies << " copies";
  }
}

TEST_F(ScopeTest, HandedOutOnOneThreadAndDroppedOnAnother) {
  int alive = 0;
  {
    const Scope scope{witness.set_in(named("w"), Witness(alive))};
    std::thread([copy = capture()]() mutable {
      const Scope same{copy};
      for (int i = 0; i < 100; ++i) capture();
      copy = Context();
    }).join();
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

TEST_F(ScopeTest, TheChildOfAForkKeepsTheContextOfTheForkingThread) {
  const Scope scope{named("forked")};
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(current_name() == "forked" ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace waybill
