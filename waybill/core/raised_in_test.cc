#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/core/error.h>
#include <waybill/core/raised_in.h>

namespace waybill {
namespace {

TEST(RaisedIn, IsTheContextInWhichAnErrorWasMade) {
  const Context context = Context::new_trace({.name = "batch-7"});
  const Scope scope{context};
  const Error error("no");
  const Scope later{Context{}};
  EXPECT_EQ(error.raised_in(), context);
  EXPECT_EQ(Error(error).raised_in(), context);
  EXPECT_TRUE(Error("outside").raised_in().empty());
}

TEST(RaisedIn, IsThePlaceOfTheThrow) {
  const auto here = std::source_location::current();
  const Error error("no");
  EXPECT_EQ(error.raised_at().line(), here.line() + 1);
  EXPECT_STREQ(error.raised_at().file_name(), here.file_name());
  EXPECT_EQ(Error::bad_option("a", "b", "c").raised_at().line(), here.line() + 4);
}

TEST(RaisedIn, IsCompletedByAnotherThreadAtAnyTime) {
  const Error error("no");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&error, i] {
      const std::string key = "key-" + std::to_string(i);
      for (int j = 0; j < 100; ++j) {
        error.complete(Context().with({{key, i}}));
        EXPECT_NE(error.raised_in().fields().find(key), nullptr);
        EXPECT_EQ(Error(error).raised_in(), error.raised_in());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(error.raised_in().fields().size(), 4u);
}

TEST(RaisedIn, GrowsByWhatIsNewAlone) {
  const Error error("no");
  const Context around = Context().with({{"run_id", "r"}});
  error.complete(around);
  const Context* once = &error.raised_in();
  error.complete(around);
  EXPECT_EQ(&error.raised_in(), once);
}

struct CompletedCase {
  const char* name;
  Context raised;
  Context around;
  std::string_view trace_name;
  std::vector<Field> fields;
};

TEST(Completed, ReplacesNothingAndAddsWhatIsMissing) {
  const Context a = Context::new_trace({.name = "a"});
  const Context b = Context::new_trace({.name = "b"});
  const Context bare;
  const CompletedCase cases[] = {
      {"neither", bare, bare, "", {}},
      {"raised alone", a.with({{"x", 1}}), bare, "a", {{"x", 1}}},
      {"around alone", bare, b.with({{"x", 1}}), "b", {{"x", 1}}},
      {"two traces", a.with({{"x", 1}}), b.with({{"x", 2}, {"y", 3}}), "a", {{"x", 1}, {"y", 3}}},
      {"fields, then a trace", bare.with({{"x", 1}}), b.with({{"x", 2}}), "b", {{"x", 1}}},
      {"a trace, then fields", a, bare.with({{"x", 2}}), "a", {{"x", 2}}},
      {"fields twice", bare.with({{"x", 1}}), bare.with({{"y", 2}}), "", {{"x", 1}, {"y", 2}}},
  };
  for (const CompletedCase& c : cases) {
    const Context context = completed(c.raised, c.around);
    EXPECT_EQ(context.trace_name(), c.trace_name) << c.name;
    EXPECT_EQ(std::vector<Field>(context.fields().begin(), context.fields().end()), c.fields)
        << c.name;
  }
}

TEST(Completed, IsTheSameContextWhereNothingIsMissing) {
  const Context a = Context::new_trace().with({{"x", 1}});
  EXPECT_EQ(completed(a, Context::new_trace().with({{"x", 2}})), a);
  EXPECT_EQ(completed(a, a), a);
  const Context fields = Context().with({{"x", 1}});
  EXPECT_EQ(completed(Context(), fields), fields);
}

}  // namespace
}  // namespace waybill
