#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/core/bind.h>
#include <waybill/core/context_var.h>

namespace waybill {
namespace {

const ContextVar<std::string> user;
const ContextVar<int> depth;

TEST(ContextVar, IsUnsetAtFirst) {
  EXPECT_EQ(user.get(), nullptr);
  EXPECT_EQ(user.get_or("nobody"), "nobody");
}

TEST(ContextVar, IsSetUntilTheScopeEnds) {
  {
    const Scope outer = user.set("ada");
    ASSERT_NE(user.get(), nullptr);
    EXPECT_EQ(*user.get(), "ada");
    {
      const Scope inner = user.set("grace");
      EXPECT_EQ(user.get_or("nobody"), "grace");
    }
    EXPECT_EQ(*user.get(), "ada");
  }
  EXPECT_EQ(user.get(), nullptr);
}

TEST(ContextVar, IsOneOfSeveralInAContext) {
  const Context both = depth.set_in(user.set_in(Context(), "ada"), 2);
  EXPECT_EQ(*user.get(both), "ada");
  EXPECT_EQ(*depth.get(both), 2);
  const Context one = user.unset_in(both);
  EXPECT_EQ(user.get(one), nullptr);
  EXPECT_EQ(*depth.get(one), 2);
  EXPECT_EQ(*user.get(both), "ada");
}

TEST(ContextVar, StaysWhenTheContextIsDerived) {
  const Context derived =
      user.set_in(Context::new_trace(), "ada").with({{"f", 1}}).child().with_baggage("b=1");
  EXPECT_EQ(*user.get(derived), "ada");
  EXPECT_EQ(derived.fields().size(), 1U);
}

TEST(ContextVar, FollowsABoundCallable) {
  const Scope scope = user.set("ada");
  std::thread(bind([] { EXPECT_EQ(user.get_or("nobody"), "ada"); })).join();
  std::thread([] { EXPECT_EQ(user.get_or("nobody"), "nobody"); }).join();
}

TEST(ContextVar, DestroysItsValueWithTheLastContext) {
  auto watched = std::make_shared<int>(1);
  const ContextVar<std::shared_ptr<int>> variable;
  Context copy;
  {
    const Context context = variable.set_in(Context(), watched);
    copy = context.with({{"f", 1}});
  }
  EXPECT_EQ(watched.use_count(), 2);
  copy = Context();
  EXPECT_EQ(watched.use_count(), 1);
}

}  // namespace
}  // namespace waybill
