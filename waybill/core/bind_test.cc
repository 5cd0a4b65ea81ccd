#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/core/bind.h>
#include <waybill/core/scope.h>

namespace waybill {
namespace {

Context named(std::string_view name) {
  return Context::new_trace({.name = name});
}
std::string current_name() {
  return std::string(Context::current().trace_name());
}

TEST(Bind, CarriesTheContextToAnotherThread) {
  std::string seen;
  {
    const Scope scope{named("carried")};
    std::thread(bind([&seen] { seen = current_name(); })).join();
  }
  EXPECT_EQ(seen, "carried");
}

TEST(Bind, TakesTheContextOfItsMakingNotOfTheCall) {
  const auto bound = [] {
    const Scope scope{named("made")};
    return bind(current_name);
  }();
  const Scope scope{named("called")};
  EXPECT_EQ(bound(), "made");
  EXPECT_EQ(current_name(), "called");
  EXPECT_EQ(bound.context().trace_name(), "made");
}

TEST(Bind, TakesAGivenContext) {
  EXPECT_EQ(bind(named("given"), current_name)(), "given");
}

TEST(Bind, PassesArgumentsAndResultsThrough) {
  int value = 0;
  auto set = bind([](int& target, int to) -> int& { return target = to; });
  int& result = set(value, 7);
  EXPECT_EQ(value, 7);
  EXPECT_EQ(&result, &value);
}

TEST(Bind, TakesMoveOnlyCallablesAndArguments) {
  auto owner = std::make_unique<int>(3);
  auto bound =
      bind([owner = std::move(owner)](std::unique_ptr<int> more) { return *owner + *more; });
  EXPECT_EQ(std::move(bound)(std::make_unique<int>(4)), 7);
}

struct TakesAnInt {
  int operator()(int n) { return n; }
};
using BoundInt = Bound<TakesAnInt>;
static_assert(std::is_invocable_r_v<int, BoundInt&, int> && std::is_invocable_v<BoundInt, int>);
static_assert(!std::is_invocable_v<const BoundInt&, int>, "TakesAnInt is not const");
static_assert(!std::is_invocable_v<BoundInt&> && !std::is_invocable_v<BoundInt&, std::string>);

TEST(Bind, EveryFormOfCallHasTheContextOfItsMaking) {
  auto name = [] {
    const Scope scope{named("made")};
    return bind(current_name);
  }();
  EXPECT_EQ(name(), "made");
  EXPECT_EQ(std::as_const(name)(), "made");
  EXPECT_EQ(std::function<std::string()>(name)(), "made");
  EXPECT_EQ(std::move(name)(), "made");
  EXPECT_TRUE(Context::current().empty());
}

// What a coroutine does that is suspended in the call: what was bound may go before it.
TEST(Bind, ACallThatTakesTheAmbientContextAwayTakesAReferenceToo) {
  detail::Ambient taken;
  {
    const auto take = [] {
      const Scope scope{named("made")};
      return bind([](detail::Ambient& into) { into = detail::exchange_ambient({}); });
    }();
    take(taken);
  }
  ASSERT_TRUE(taken.owned());
  EXPECT_EQ(detail::ContextReference::adopt(taken.node()).trace_name(), "made");
}

TEST(Bind, TakesPointersToMembers) {
  const std::string text = "four";
  EXPECT_EQ(waybill::bind(&std::string::size)(text), 4U);
}

TEST(Bind, RestoresTheCallersContextWhenTheCallThrows) {
  const Scope scope{named("caller")};
  auto bound = bind(named("bound"), []() -> int { throw 1; });
  EXPECT_THROW(bound(), int);
  EXPECT_EQ(current_name(), "caller");
}

TEST(Bind, CallsAConstCallable) {
  const auto bound = bind(named("const"), [] { return current_name(); });
  EXPECT_EQ(bound(), "const");
}

}  // namespace
}  // namespace waybill
