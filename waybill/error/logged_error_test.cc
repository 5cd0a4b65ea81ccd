// What a log line says of an error: what it is, what caused it, and where it was raised.
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/error/error.h>
#include <waybill/log/log.h>
#include <waybill/log/sink.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

class AppError : public WithContext<std::runtime_error> {
  using WithContext::WithContext;
};

// Keeps the last record.
class LastRecord final : public LogRecordSink {
 public:
  bool write(const LogRecord& record) override {
    message = record.message;
    fields.clear();
    record.for_each_field(
        [this](const Field& field) { fields[std::string(field.key)] = field.value.to_string(); });
    return true;
  }

  std::string message;
  std::map<std::string, std::string> fields;
};

class LoggedErrorTest : public testing::Test {
 protected:
  LoggedErrorTest() { configure_logging({.outputs = {{.records = last_}}}); }
  ~LoggedErrorTest() override { configure_logging({}); }

  const LastRecord& last() {
    flush();
    return *last_;
  }

  std::shared_ptr<LastRecord> last_ = std::make_shared<LastRecord>();
  const Logger log_ = logger("errors");
  const Context raised_ =
      Context::new_trace({.name = "raised"}).with({{"job_id", 42}, {"account", "acme"}});
  const Context caught_ = Context::new_trace({.name = "caught"}).with({{"account", "acme"}});

  std::exception_ptr raise() {
    const Scope scope{raised_};
    return std::make_exception_ptr(AppError("no"));
  }
};

TEST_F(LoggedErrorTest, SaysWhereItWasRaised) {
  const auto error = raise();
  const Scope scope{caught_};
  log_.error("failed: {}", error);
  EXPECT_THAT(last().message, HasSubstr("AppError: no"));
  EXPECT_THAT(last().fields, Contains(Pair("error.trace_id", "raised")));
  EXPECT_THAT(last().fields, Contains(Pair("error.span_id", raised_.span_id().to_hex())));
  EXPECT_THAT(last().fields, Contains(Pair("error.job_id", "42")));
  EXPECT_THAT(last().fields,
              Contains(Pair("error.location",
                            testing::MatchesRegex("error/logged_error_test\\.cc:[0-9]+"))));
}

TEST_F(LoggedErrorTest, SaysNothingTwice) {
  const auto error = raise();
  const Scope scope{raised_};
  log_.error("failed: {}", error);
  EXPECT_THAT(last().fields, Not(Contains(Key("error.trace_id"))));
  EXPECT_THAT(last().fields, Not(Contains(Key("error.span_id"))));
  EXPECT_THAT(last().fields, Not(Contains(Key("error.job_id"))));
  EXPECT_THAT(last().fields, Not(Contains(Key("error.account"))));
}

TEST_F(LoggedErrorTest, SaysWhatDiffersAlone) {
  const auto error = raise();
  const Scope scope{raised_.child().with({{"job_id", 43}})};
  log_.error("failed: {}", error);
  EXPECT_THAT(last().fields, Not(Contains(Key("error.trace_id"))));
  EXPECT_THAT(last().fields, Contains(Pair("error.span_id", raised_.span_id().to_hex())));
  EXPECT_THAT(last().fields, Contains(Pair("error.job_id", "42")));
  EXPECT_THAT(last().fields, Not(Contains(Key("error.account"))));
}

TEST_F(LoggedErrorTest, UnnamedTracesAreKnownByTheirId) {
  const Context unnamed = Context::new_trace();
  std::exception_ptr error;
  {
    const Scope inner{unnamed};
    error = std::make_exception_ptr(AppError("no"));
  }
  const Scope scope{caught_};
  log_.error("{}", error);
  EXPECT_THAT(last().fields, Contains(Pair("error.trace_id", unnamed.trace_id().to_hex())));
}

TEST_F(LoggedErrorTest, ErrorsWithoutAContextSayNothingOfOne) {
  const Scope scope{caught_};
  log_.error("{}", std::runtime_error("no"));
  for (const auto& [key, value] : last().fields) EXPECT_FALSE(key.starts_with("error.")) << key;
  EXPECT_EQ(last().message, "std::runtime_error: no");
}

TEST_F(LoggedErrorTest, CallsThatAreFormattedAtOnceSayTheSame) {
  const auto error = raise();
  const Scope scope{caught_};
  log_.error("{} {}", error, std::vector<int>{1});
  EXPECT_THAT(last().message, HasSubstr("AppError: no [1]"));
  EXPECT_THAT(last().fields, Contains(Pair("error.trace_id", "raised")));
  EXPECT_THAT(last().fields, Contains(Pair("error.job_id", "42")));
  EXPECT_THAT(last().fields, Not(Contains(Key("error.account"))));
}

TEST_F(LoggedErrorTest, ShowsWhatCausedIt) {
  std::exception_ptr error;
  try {
    try {
      try {
        const Scope scope{raised_};
        throw AppError("no route");
      } catch (...) {
        std::throw_with_nested(std::runtime_error("cannot connect"));
      }
    } catch (...) {
      std::throw_with_nested(std::logic_error("cannot start"));
    }
  } catch (...) {
    error = std::current_exception();
  }
  const Scope scope{caught_};
  log_.error("{}", error);
  EXPECT_THAT(last().message,
              testing::MatchesRegex("std::logic_error: cannot start, caused by std::runtime_error: "
                                    "cannot connect, caused by .*AppError: no route"));
  EXPECT_THAT(last().fields, Contains(Pair("exception.type", "std::logic_error")));
  EXPECT_THAT(last().fields, Contains(Pair("exception.message", "cannot start")));
  EXPECT_THAT(last().fields, Contains(Pair("error.cause", HasSubstr("AppError: no route"))));
  EXPECT_THAT(last().fields, Contains(Pair("error.trace_id", "raised")));
}

TEST_F(LoggedErrorTest, AnEnrichedErrorIsShownAsTheErrorItIs) {
  std::exception_ptr error;
  {
    const Scope scope{raised_};
    error = enrich(std::make_exception_ptr(std::out_of_range("index 7")));
  }
  const Scope scope{caught_};
  log_.error("{}", error);
  EXPECT_EQ(last().message, "std::out_of_range: index 7");
  EXPECT_THAT(last().fields, Contains(Pair("exception.type", "std::out_of_range")));
  EXPECT_THAT(last().fields, Contains(Pair("error.trace_id", "raised")));
  EXPECT_THAT(last().fields, Not(Contains(Key("error.cause"))));
}

TEST_F(LoggedErrorTest, ReturnedErrorsSayWhereTheyAroseToo) {
  const auto fails = [this] {
    const Scope scope{raised_};
    return with_context(std::make_error_code(std::errc::timed_out));
  };
  const auto error = fails();
  const Scope scope{caught_};
  log_.error("no price: {}", error);
  EXPECT_EQ(last().message, "no price: Connection timed out (generic:110)");
  EXPECT_THAT(last().fields, Contains(Pair("error.trace_id", "raised")));
  EXPECT_THAT(last().fields, Contains(Pair("error.job_id", "42")));
}

TEST_F(LoggedErrorTest, ErrorsMayBeGoneBeforeTheyAreFormatted) {
  for (int i = 0; i < 1000; ++i) {
    std::exception_ptr error;
    try {
      try {
        const std::string name = fmt::format("a trace that is known by the number {}", i);
        const Scope scope{Context::new_trace({.name = name}).with({{"number", i}})};
        throw AppError(fmt::format("an error that is known by the number {}", i));
      } catch (...) {
        const Scope scope{Context().with({{"around", fmt::format("a long text around {}", i)}})};
        std::throw_with_nested(AppError("around"));
      }
    } catch (const std::exception& caught) {
      log_.error("{}", caught);
    }
  }
  EXPECT_THAT(last().message, HasSubstr("an error that is known by the number 999"));
  EXPECT_THAT(last().fields,
              Contains(Pair("error.trace_id", "a trace that is known by the number 999")));
  EXPECT_THAT(last().fields, Contains(Pair("error.number", "999")));
  EXPECT_THAT(last().fields, Contains(Pair("error.around", "a long text around 999")));
}

TEST_F(LoggedErrorTest, LongCausesAreCut) {
  std::exception_ptr error;
  try {
    try {
      throw std::runtime_error(std::string(1'000'000, 'x'));
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (...) {
    error = std::current_exception();
  }
  log_.error("{}", error);
  EXPECT_THAT(last().message, HasSubstr("outer"));
  EXPECT_LT(last().message.size(), 10'000u);
}

}  // namespace
}  // namespace waybill
