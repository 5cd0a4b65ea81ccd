#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/core/bind.h>

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
