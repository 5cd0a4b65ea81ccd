#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/trace/internal/span_sample.h>
#include <waybill/trace/internal/tail_decision.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class TailDecisionTest : public testing::Test {
 protected:
  void begin_root(const TraceId& id) { tail_.root_began(id); }
  void end(SpanSample sample) {
    sample.as_ended([this](const EndedSpan& span) {
      tail_.consume(span, [this](const EndedSpan& kept) { names_.emplace_back(kept.name); });
    });
  }
  void end_child(std::string name) { end({.trace_id = id_, .name = std::move(name)}); }
  void end_failed(std::string name) {
    end({.trace_id = id_, .status = SpanStatus::kError, .name = std::move(name)});
  }
  void end_root(std::string name) {
    end({.trace_id = id_, .is_local_root = true, .name = std::move(name)});
  }
  void pass(std::chrono::nanoseconds time) { tail_.tick(now_ += time); }

  static constexpr TailOptions kOptions{.keep_slower_than = 1s, .longest_wait = 5min};

  TailDecision::Clock::time_point now_{24h};
  TailDecision tail_{kOptions, now_};
  const TraceId id_ = TraceId::random();
  std::vector<std::string> names_;  // of what was exported
};

TEST_F(TailDecisionTest, DropsATraceThatNothingKeepsWhenItsRootEnds) {
  end_child("a");
  EXPECT_GT(tail_.bytes_held(), 0U);
  end_root("root");
  EXPECT_THAT(names_, ElementsAre());
  EXPECT_EQ(tail_.bytes_held(), 0U);
  EXPECT_EQ(tail_.counts().traces_dropped, 1U);
  EXPECT_EQ(tail_.counts().spans_dropped, 2U);
  EXPECT_EQ(tail_.counts().decided_early, 0U);
}

TEST_F(TailDecisionTest, KeepsAFailedTraceWholeAndInItsOrder) {
  end_child("a");
  end_child("b");
  end_failed("c");
  end_child("d");
  end_root("root");
  EXPECT_THAT(names_, ElementsAre("a", "b", "c", "d", "root"));
  EXPECT_EQ(tail_.counts().traces_kept, 1U);
  EXPECT_EQ(tail_.counts().spans_kept, 5U);
  EXPECT_EQ(tail_.counts().traces_dropped, 0U);
  EXPECT_EQ(tail_.bytes_held(), 0U);
}

TEST_F(TailDecisionTest, KeepsATraceWhoseRootFails) {
  end_child("a");
  end({.trace_id = id_, .is_local_root = true, .status = SpanStatus::kError, .name = "root"});
  EXPECT_THAT(names_, ElementsAre("a", "root"));
}

TEST_F(TailDecisionTest, KeepsASlowTrace) {
  end_child("a");
  end({.trace_id = id_, .duration = 1s - 1ns, .name = "b"});
  EXPECT_THAT(names_, ElementsAre());
  end({.trace_id = id_, .duration = 1s, .name = "c"});
  EXPECT_THAT(names_, ElementsAre("a", "b", "c"));
}

TEST_F(TailDecisionTest, HoldsNothingOfWhatTheSamplerKeeps) {
  for (const char* name : {"a", "b"}) end({.trace_id = id_, .flags = TraceFlags(1), .name = name});
  EXPECT_THAT(names_, ElementsAre("a", "b"));
  end({.trace_id = id_, .flags = TraceFlags(1), .is_local_root = true, .name = "root"});
  EXPECT_THAT(names_, ElementsAre("a", "b", "root"));
  EXPECT_EQ(tail_.counts().traces_kept, 1U);
  EXPECT_EQ(tail_.bytes_held(), 0U);
}

TEST_F(TailDecisionTest, HasOnlyTheRulesThatAreOn) {
  TailDecision none({.keep_failed = false}, now_);
  int kept = 0;
  const SpanSample sample{
      .trace_id = id_, .is_local_root = true, .status = SpanStatus::kError, .duration = 1h};
  sample.as_ended(
      [&](const EndedSpan& span) { none.consume(span, [&kept](const EndedSpan&) { ++kept; }); });
  EXPECT_EQ(kept, 0);
}

TEST_F(TailDecisionTest, TakesOkForNoFailure) {
  end({.trace_id = id_, .is_local_root = true, .status = SpanStatus::kOk});
  EXPECT_THAT(names_, ElementsAre());
}

TEST_F(TailDecisionTest, KeepsTracesApart) {
  end_child("a");
  end({.trace_id = TraceId::random(), .status = SpanStatus::kError, .name = "other"});
  end_root("root");
  EXPECT_THAT(names_, ElementsAre("other"));
}

TEST_F(TailDecisionTest, HandsOverWithTheResourceOfTheSpanThatDecides) {
  const Resource now{.service_name = "now"};
  std::vector<const Resource*> resources;
  end_child("a");
  SpanSample{.trace_id = id_, .status = SpanStatus::kError}.as_ended([&](const EndedSpan& span) {
    EndedSpan decides{
        span.trace_id, span.span_id, {}, {}, false, false, span.kind, span.status, span.name,
        span.start,    span.end,     {}, {}, {},    {},    now,       span.scope};
    tail_.consume(decides, [&](const EndedSpan& kept) { resources.push_back(&kept.resource); });
  });
  EXPECT_THAT(resources, ElementsAre(&now, &now));
}

// A request causes a callback, which ends first. It is known that the request is under way.
TEST_F(TailDecisionTest, WaitsForAllLocalRootsThatHaveBegun) {
  begin_root(id_);
  end_child("query of the request");
  begin_root(id_);
  end_root("callback");
  EXPECT_EQ(tail_.counts().traces_dropped, 0U);
  end_failed("another query of the request");
  EXPECT_THAT(names_,
              ElementsAre("query of the request", "callback", "another query of the request"));
  end_root("request");
  EXPECT_EQ(names_.size(), 4U);
  EXPECT_EQ(tail_.bytes_held(), 0U);
}

TEST_F(TailDecisionTest, DropsATraceWhenItsLastLocalRootEnds) {
  begin_root(id_);
  begin_root(id_);
  end_root("callback");
  EXPECT_EQ(tail_.counts().traces_dropped, 0U);
  end_root("request");
  EXPECT_EQ(tail_.counts().traces_dropped, 1U);
  EXPECT_EQ(tail_.counts().spans_dropped, 2U);
}

TEST_F(TailDecisionTest, SendsLateSpansAfterAKeptTrace) {
  end_failed("a");
  end_root("root");
  end_child("late");
  EXPECT_THAT(names_, ElementsAre("a", "root", "late"));
  EXPECT_EQ(tail_.bytes_held(), 0U);
  EXPECT_EQ(tail_.counts().traces_kept, 1U);
}

TEST_F(TailDecisionTest, RemembersAKeptTraceForItsLongestWait) {
  end_failed("a");
  end_root("root");
  pass(4min);
  end_child("late");
  pass(4min);
  end_child("later");
  EXPECT_THAT(names_, ElementsAre("a", "root", "late", "later"));
  pass(5min);
  end_child("too late");
  EXPECT_EQ(names_.size(), 4U);
}

TEST_F(TailDecisionTest, DropsWhatComesLateOfADroppedTraceAfterAWhile) {
  end_root("root");
  end_child("late");
  EXPECT_GT(tail_.bytes_held(), 0U);
  pass(TailDecision::kLateWait - 1ns);
  EXPECT_GT(tail_.bytes_held(), 0U);
  pass(1ns);
  EXPECT_EQ(tail_.bytes_held(), 0U);
  EXPECT_EQ(tail_.counts().spans_dropped, 2U);
  EXPECT_EQ(tail_.counts().traces_dropped, 1U);
  EXPECT_EQ(tail_.counts().decided_early, 0U);
}

TEST_F(TailDecisionTest, SendsALateFailureWithWhatIsLateAsItIs) {
  end_child("early");
  end_root("root");
  end_child("late");
  end_failed("late failure");
  end_child("later");
  EXPECT_THAT(names_, ElementsAre("late", "late failure", "later"));
  EXPECT_EQ(tail_.counts().traces_kept, 1U);
}

// The same trace, another request: decided for itself, and whole.
TEST_F(TailDecisionTest, DecidesTheNextRequestOfADroppedTraceForItself) {
  for (const bool announced : {false, true}) {
    SCOPED_TRACE(announced);
    names_.clear();
    if (announced) begin_root(id_);
    end_root("first");
    if (announced) begin_root(id_);
    end_child("a");
    end_child("b");
    end({.trace_id = id_, .is_local_root = true, .status = SpanStatus::kError, .name = "second"});
    EXPECT_THAT(names_, ElementsAre("a", "b", "second"));
    pass(1h);
  }
}

TEST_F(TailDecisionTest, WaitsForARootThatBeginsInADroppedTrace) {
  begin_root(id_);
  end_root("first");
  end_child("of the first, or of the second");
  begin_root(id_);
  pass(1min);
  end({.trace_id = id_, .is_local_root = true, .status = SpanStatus::kError, .name = "second"});
  EXPECT_THAT(names_, ElementsAre("of the first, or of the second", "second"));
}

TEST_F(TailDecisionTest, KeepsARequestOfAKeptTrace) {
  end_failed("a");
  end_root("first");
  begin_root(id_);
  end_child("b");
  end_root("second");
  EXPECT_THAT(names_, ElementsAre("a", "first", "b", "second"));
  EXPECT_EQ(tail_.counts().traces_kept, 1U);
  EXPECT_EQ(tail_.bytes_held(), 0U);
}

TEST_F(TailDecisionTest, DropsWhatHasWaitedForTooLong) {
  begin_root(id_);
  end_child("a");
  pass(5min - 1ns);
  EXPECT_EQ(tail_.counts().decided_early, 0U);
  pass(1ns);
  EXPECT_EQ(tail_.counts().decided_early, 1U);
  EXPECT_EQ(tail_.counts().traces_dropped, 1U);
  EXPECT_EQ(tail_.counts().spans_dropped, 1U);
  EXPECT_EQ(tail_.bytes_held(), 0U);
}

TEST_F(TailDecisionTest, DoesNotCountAKeptTraceAsDecidedEarly) {
  begin_root(id_);
  end_failed("a");
  pass(1h);
  EXPECT_EQ(tail_.counts().decided_early, 0U);
  EXPECT_EQ(tail_.traces_held(), 0U);
  end_child("b");
  EXPECT_THAT(names_, ElementsAre("a", "b"));
}

TEST_F(TailDecisionTest, IsNotConfusedByATimeThatGoesBack) {
  tail_.tick(now_ - 1h);
  end_child("a");
  pass(5min - 1ns);
  EXPECT_EQ(tail_.traces_held(), 1U);
  pass(1ns);
  EXPECT_EQ(tail_.traces_held(), 0U);
}

TEST_F(TailDecisionTest, DecidesAllThatWaitsAtTheEnd) {
  begin_root(id_);
  end_child("a");
  tail_.decide_all();
  EXPECT_EQ(tail_.bytes_held(), 0U);
  EXPECT_EQ(tail_.counts().decided_early, 1U);
  EXPECT_EQ(tail_.counts().spans_dropped, 1U);
}

TEST_F(TailDecisionTest, ForgetsWhatBelongsToTheParentOfAFork) {
  end_child("the parent's");
  tail_.forget();
  EXPECT_EQ(tail_.bytes_held(), 0U);
  EXPECT_EQ(tail_.counts().spans_dropped, 0U);
  end_failed("the child's");
  EXPECT_THAT(names_, ElementsAre("the child's"));
  end_root("the child's");
  tail_.forget();
  end_child("of a trace that the parent has kept");
  EXPECT_EQ(names_.size(), 2U);
}

TEST_F(TailDecisionTest, RefusesOptionsOutOfRange) {
  const std::pair<TailOptions, const char*> cases[] = {
      {{.keep_slower_than = -1ns}, "'tail.keep_slower_than': '-1ns' is not valid: expected zero"},
      {{.memory_limit = 65'535}, "'tail.memory_limit': '65535' is not valid: expected at least 65"},
      {{.longest_wait = 0s}, "'tail.longest_wait': '0ns' is not valid: expected more than zero"},
  };
  for (const auto& [options, message] : cases) {
    EXPECT_THAT([&] { TailDecision{options}; },
                testing::ThrowsMessage<Error>(testing::HasSubstr(message)));
  }
}

}  // namespace
}  // namespace waybill::internal
