#include <functional>
#include <memory>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

#include <waybill/async/inheriting.h>
#include <waybill/async/internal/hopping_threads.h>

namespace waybill::detail {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::named;

struct TakesAnInt {
  int operator()(int n) { return n; }
};
using Inherited = decltype(inherit(TakesAnInt()));
static_assert(std::is_invocable_r_v<int, Inherited&, int> && std::is_invocable_v<Inherited, int>);
static_assert(!std::is_invocable_v<const Inherited&, int>, "TakesAnInt is not const");
static_assert(!std::is_invocable_v<Inherited&> && !std::is_invocable_v<Inherited&, std::string>);

TEST(Inheriting, EveryFormOfCallHasTheContextOfTheMaking) {
  auto name = [] {
    const Scope scope{counted("made")};
    return inherit(current_name);
  }();
  const Scope scope{named("called")};
  EXPECT_EQ(name(), "made");
  EXPECT_EQ(std::as_const(name)(), "made");
  EXPECT_EQ(std::function<std::string()>(name)(), "made");
  EXPECT_EQ(std::move(name)(), "made");
  EXPECT_EQ(current_name(), "called");
  EXPECT_EQ(Counted::alive, 0);
}

// What a coroutine that suspends in the call does: the reference goes with it.
TEST(Inheriting, ACallThatTakesTheAmbientContextAwayTakesAReferenceToo) {
  Ambient taken;
  {
    const auto take = [] {
      const Scope scope{counted("made")};
      return inherit([](Ambient& into) { into = exchange_ambient({}); });
    }();
    take(taken);
  }
  EXPECT_TRUE(taken.owned());
  EXPECT_EQ(Counted::alive, 1);
  drop(taken);
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Inheriting, TakesMoveOnlyFunctionsAndMembers) {
  EXPECT_EQ(inherit([owned = std::make_unique<int>(3)] { return *owned; })(), 3);
  EXPECT_EQ(inherit(&std::string::size)(std::string("four")), 4U);
}

}  // namespace
}  // namespace waybill::detail
