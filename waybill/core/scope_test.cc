#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

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
