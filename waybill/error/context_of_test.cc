// The context of errors that were raised because of others.
#include <stdexcept>

#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/error/error.h>

namespace waybill {
namespace {

class AppError : public WithContext<std::runtime_error> {
  using WithContext::WithContext;
};

template <class Throw>
std::exception_ptr caught(Throw&& throws) {
  try {
    throws();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

TEST(ContextOf, IsEmptyWhereNoErrorKnowsOne) {
  const Scope scope{Context::new_trace()};
  EXPECT_TRUE(context_of(std::runtime_error("no")).empty());
  EXPECT_TRUE(context_of(std::make_exception_ptr(42)).empty());
  EXPECT_TRUE(context_of(std::exception_ptr()).empty());
}

TEST(ContextOf, IsThatOfTheInnermostThatKnows) {
  const Context outer = Context::new_trace().with({{"request", "r-1"}});
  const Context inner = outer.child().with({{"query", "q-2"}});
  const auto error = caught([&] {
    const Scope in_outer{outer};
    try {
      const Scope in_inner{inner};
      throw AppError("inner");
    } catch (...) {
      std::throw_with_nested(AppError("outer"));
    }
  });
  EXPECT_EQ(context_of(error), inner);
}

TEST(ContextOf, HasTheFieldsOfErrorsAroundIt) {
  const Context inner = Context::new_trace({.name = "worker"}).with({{"a", "inner"}});
  const Context outer =
      Context::new_trace({.name = "main"}).with({{"a", "outer"}, {"run_id", "r"}});
  const auto error = caught([&] {
    const Scope in_outer{outer};
    try {
      const Scope in_inner{inner};
      throw AppError("inner");
    } catch (...) {
      std::throw_with_nested(AppError("outer"));
    }
  });
  const Context context = context_of(error);
  EXPECT_EQ(context.trace_name(), "worker");
  EXPECT_EQ(context.span_id(), inner.span_id());
  EXPECT_EQ(context.fields().find("a")->value, FieldValue("inner"));
  EXPECT_EQ(context.fields().find("run_id")->value, FieldValue("r"));
}

TEST(ContextOf, PassesOverErrorsThatWereRaisedOutsideOfAnyContext) {
  const Context outer = Context::new_trace();
  const auto error = caught([&] {
    try {
      throw AppError("inner");
    } catch (...) {
      const Scope scope{outer};
      std::throw_with_nested(AppError("outer"));
    }
  });
  EXPECT_EQ(context_of(error), outer);
}

TEST(ContextOf, IsFoundInWhatIsNoStdException) {
  struct Bare {};
  struct BareError : WithContext<Bare> {};
  const Context raised = Context::new_trace();
  const auto error = caught([&] {
    const Scope scope{raised};
    try {
      throw BareError();
    } catch (...) {
      std::throw_with_nested(Bare{});
    }
  });
  EXPECT_EQ(context_of(error), raised);
}

}  // namespace
}  // namespace waybill
