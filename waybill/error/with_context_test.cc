#include <stdexcept>
#include <system_error>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/error/error.h>

namespace waybill {
namespace {

class ConfigError : public WithContext<std::runtime_error> {
  using WithContext::WithContext;
};
class VenueError : public ConfigError {
 public:
  explicit VenueError(const std::string& venue,
                      const std::source_location& where = std::source_location::current())
      : ConfigError("no such venue: " + venue, where) {}
};
class IoError : public WithContext<std::system_error> {
  using WithContext::WithContext;
};

Context some_context() {
  return Context::new_trace({.name = "batch-7"}).with({{"job_id", 42}});
}

TEST(WithContext, KnowsTheContextInWhichItWasMade) {
  const Context raised = some_context();
  try {
    const Scope scope{raised};
    throw ConfigError("bad");
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "bad");
    EXPECT_TRUE(Context::current().empty());
    EXPECT_EQ(context_of(error), raised);
    EXPECT_EQ(dynamic_cast<const RaisedIn&>(error).raised_in(), raised);
  }
}

TEST(WithContext, KnowsThePlaceOfTheThrow) {
  const auto here = std::source_location::current();
  const ConfigError error("bad");
  EXPECT_EQ(error.raised_at().line(), here.line() + 1);
  EXPECT_STREQ(error.raised_at().file_name(), here.file_name());
  const VenueError derived("XETR");
  EXPECT_EQ(derived.raised_at().line(), here.line() + 4);
  EXPECT_STREQ(derived.what(), "no such venue: XETR");
}

TEST(WithContext, TakesWhateverItsBaseIsMadeOf) {
  const auto code = std::make_error_code(std::errc::timed_out);
  EXPECT_EQ(IoError(code).code(), code);
  const IoError named(code, "reading");
  EXPECT_EQ(named.code(), code);
  EXPECT_EQ(named.raised_at().line(), 0u);
  const IoError placed(code, "reading", std::source_location::current());
  EXPECT_STREQ(placed.what(), named.what());
  EXPECT_NE(placed.raised_at().line(), 0u);
}

TEST(WithContext, IsCaughtAsEachOfItsBases) {
  EXPECT_THROW(throw VenueError("X"), ConfigError);
  EXPECT_THROW(throw VenueError("X"), std::runtime_error);
  EXPECT_THROW(throw VenueError("X"), RaisedIn);
}

TEST(WithContext, CopiesSayTheSame) {
  const Context raised = some_context();
  Scope scope{raised};
  const ConfigError error("bad");
  const Scope later{Context{}};
  const ConfigError copy = error;
  ConfigError assigned("other");
  assigned.complete(Context().with({{"a", 1}}));
  assigned = error;
  EXPECT_EQ(copy.raised_in(), raised);
  EXPECT_EQ(assigned.raised_in(), raised);
  EXPECT_EQ(assigned.raised_at().line(), error.raised_at().line());
}

TEST(WithContext, GoesFromThreadToThreadWithItsException) {
  Context raised;
  std::exception_ptr error;
  std::thread([&] {
    try {
      const Scope scope{some_context()};
      raised = capture();
      throw ConfigError("bad");
    } catch (...) {
      error = std::current_exception();
    }
  }).join();
  const Scope here{Context::new_trace()};
  EXPECT_EQ(context_of(error), raised);
  EXPECT_EQ(context_of(error).fields().find("job_id")->value, FieldValue(42));
}

TEST(Error, KnowsWhereItWasRaised) {
  const Scope scope{some_context()};
  const auto here = std::source_location::current();
  const Error error = Error::bad_option("port", "x", "a number");
  EXPECT_EQ(error.raised_in(), Context::current());
  EXPECT_EQ(error.raised_at().line(), here.line() + 1);
  EXPECT_EQ(Error("bad").raised_at().line(), here.line() + 4);
}

TEST(MakeError, FormatsTheMessageAndKnowsTheCall) {
  const Scope scope{some_context()};
  const auto here = std::source_location::current();
  const Error error = make_error("cannot read {}: line {}", "a.toml", 3);
  EXPECT_STREQ(error.what(), "cannot read a.toml: line 3");
  EXPECT_EQ(error.raised_at().line(), here.line() + 1);
  EXPECT_EQ(error.raised_in(), Context::current());
  const auto own = make_error<ConfigError>("no {}", "venue");
  EXPECT_STREQ(own.what(), "no venue");
  EXPECT_EQ(own.raised_at().line(), here.line() + 5);
  EXPECT_STREQ(make_error<std::range_error>("{}", 1).what(), "1");
}

}  // namespace
}  // namespace waybill
