#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/error/error.h>
#include <waybill/repro/run_scope.h>

namespace waybill {
namespace {

FieldValue field(std::string_view key) {
  const Field* found = Context::current().fields().find(key);
  return found != nullptr ? found->value : FieldValue("none");
}

TEST(RunScope, GivesWhateverRunsInItTheRunId) {
  const ReproContext run = ReproContext::begin({.kind = "backtest", .seed = 42});
  {
    const auto scope = run_scope(run);
    EXPECT_EQ(field("run_id"), FieldValue(run.run_id));
    std::thread(bind([&] {
      EXPECT_EQ(field("run_id"), FieldValue(run.run_id));
      ASSERT_NE(current_run(), nullptr);
      EXPECT_EQ(*current_run(), run);
    })).join();
  }
  EXPECT_TRUE(Context::current().empty());
  EXPECT_EQ(current_run(), nullptr);
}

TEST(RunScope, BeginsATraceOfThatNameWhereThereIsNone) {
  const Scope fields{Context().with({{"user", "u"}}).with_baggage("a=b")};
  const auto scope = run_scope("run-1");
  EXPECT_EQ(Context::current().trace_name(), "run-1");
  EXPECT_EQ(Context::current().trace_id(), TraceId::from_name("run-1"));
  EXPECT_EQ(field("run_id"), FieldValue("run-1"));
  EXPECT_EQ(field("user"), FieldValue("u"));
  EXPECT_EQ(Context::current().baggage(), "a=b");
  EXPECT_EQ(current_run(), nullptr);
}

TEST(RunScope, StaysInTheTraceThatThereIs) {
  const Context request = Context::new_trace({.name = "request"});
  const Scope outer{request};
  const auto scope = run_scope(ReproContext::begin());
  EXPECT_EQ(Context::current().trace_name(), "request");
  EXPECT_EQ(Context::current().span_id(), request.span_id());
  EXPECT_NE(field("run_id"), FieldValue("none"));
}

TEST(RunScope, OfAnInnerRunHidesTheOuter) {
  const ReproContext outer = ReproContext::begin({.seed = 1});
  const ReproContext inner = ReproContext::begin({.seed = 2});
  const auto outer_scope = run_scope(outer);
  {
    const auto inner_scope = run_scope(inner);
    EXPECT_EQ(current_run()->seed, 2u);
    EXPECT_EQ(Context::current().trace_name(), outer.run_id);
  }
  EXPECT_EQ(current_run()->seed, 1u);
  EXPECT_EQ(field("run_id"), FieldValue(outer.run_id));
}

TEST(RunScope, AnIdThatIsNoTraceNameIsAFieldAlone) {
  for (const std::string& id : {std::string(), std::string("two words"), std::string(129, 'x')}) {
    const auto scope = run_scope(id);
    EXPECT_FALSE(Context::current().has_trace()) << id;
    EXPECT_EQ(field("run_id"), FieldValue(id));
  }
}

TEST(RunScope, ErrorsAreEnrichedWithTheRun) {
  const auto scope = run_scope("run-1");
  const auto error = enrich(std::make_exception_ptr(std::runtime_error("no")));
  EXPECT_EQ(context_of(error).fields().find("run_id")->value, FieldValue("run-1"));
}

}  // namespace
}  // namespace waybill
