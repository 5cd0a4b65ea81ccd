#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/core/context.h>
#include <waybill/core/export.h>

namespace waybill {
namespace {

TEST(Context, IsEmptyByDefault) {
  const Context context;
  EXPECT_TRUE(context.empty());
  EXPECT_FALSE(context.has_trace());
  EXPECT_FALSE(context.trace_id().is_valid());
  EXPECT_FALSE(context.span_id().is_valid());
  EXPECT_FALSE(context.parent_span_id().is_valid());
  EXPECT_EQ(context.flags().byte(), 0);
  EXPECT_EQ(context.trace_name(), "");
  EXPECT_EQ(context.tracestate(), "");
  EXPECT_EQ(context.baggage(), "");
  EXPECT_TRUE(context.fields().empty());
}

TEST(Sampling, IsWhatTheFlagsSay) {
  EXPECT_EQ(Context{}.sampling(), Sampling::kUndecided);
  EXPECT_EQ(Context::new_trace().sampling(), Sampling::kSampled);
  EXPECT_EQ(Context::new_trace({.flags = TraceFlags()}).sampling(), Sampling::kDropped);
}

TEST(Sampling, SetsTheSampledFlagAndNoOther) {
  const TraceFlags random(TraceFlags::kRandom);
  const Context debugged = Context::new_trace({.flags = random, .sampling = Sampling::kDebug});
  EXPECT_EQ(debugged.sampling(), Sampling::kDebug);
  EXPECT_TRUE(debugged.flags().sampled());
  EXPECT_TRUE(debugged.flags().random());

  const Context undecided = debugged.with_sampling(Sampling::kUndecided);
  EXPECT_EQ(undecided.sampling(), Sampling::kUndecided);
  EXPECT_EQ(undecided.flags(), random);
  EXPECT_EQ(debugged.sampling(), Sampling::kDebug);
}

TEST(Sampling, GoesWithEveryDerivedContext) {
  const Context trace = Context::new_trace({.sampling = Sampling::kDebug}).with({{"job_id", 1}});
  EXPECT_EQ(trace.sampling(), Sampling::kDebug);
  EXPECT_EQ(trace.child().sampling(), Sampling::kDebug);
  EXPECT_EQ(trace.with_baggage("a=b").sampling(), Sampling::kDebug);
  EXPECT_EQ(trace.with_sampling(Sampling::kDropped).fields().size(), 1u);
}

TEST(Sampling, DecidesAboutATraceThatHasYetToBegin) {
  const Context dropped = Context{}.with_sampling(Sampling::kDropped);
  EXPECT_FALSE(dropped.has_trace());
  EXPECT_FALSE(dropped.child().flags().sampled());
  EXPECT_TRUE(dropped.child().flags().random());
  EXPECT_EQ(Context{}.with_sampling(Sampling::kDebug).child().sampling(), Sampling::kDebug);
  EXPECT_EQ(Context{}.with({{"job_id", 1}}).child().sampling(), Sampling::kSampled);
}

TEST(NewTrace, IsRandomSampledAndARootWithoutOptions) {
  const Context a = Context::new_trace();
  const Context b = Context::new_trace();
  EXPECT_TRUE(a.has_trace());
  EXPECT_TRUE(a.span_id().is_valid());
  EXPECT_FALSE(a.parent_span_id().is_valid());
  EXPECT_TRUE(a.flags().sampled());
  EXPECT_TRUE(a.flags().random());
  EXPECT_FALSE(a.trace_id() == b.trace_id());
  EXPECT_FALSE(a.span_id() == b.span_id());
}

TEST(NewTrace, KeepsATextAsTheTracesName) {
  const Context context = Context::new_trace({.name = "batch-job-2025-10-21"});
  EXPECT_EQ(context.trace_name(), "batch-job-2025-10-21");
  EXPECT_EQ(context.trace_id(), TraceId::from_name("batch-job-2025-10-21"));
  EXPECT_FALSE(context.flags().random());
}

TEST(NewTrace, TakesHexAndUuidAsTheIdItself) {
  for (const std::string_view text :
       {"4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"}) {
    const Context context = Context::new_trace({.name = text});
    EXPECT_EQ(context.trace_name(), "");
    EXPECT_EQ(context.trace_id().to_hex(), "4bf92f3577b34da6a3ce929d0e0e4736");
  }
}

TEST(NewTrace, TakesEveryOption) {
  const auto id = TraceId::random();
  const auto span = SpanId::random();
  const auto parent = SpanId::random();
  const Context context = Context::new_trace({.name = "known-as",
                                              .trace_id = id,
                                              .span_id = span,
                                              .parent_span_id = parent,
                                              .flags = TraceFlags(0),
                                              .tracestate = "a=1",
                                              .baggage = "b=2"});
  EXPECT_EQ(context.trace_id(), id);
  EXPECT_EQ(context.trace_name(), "known-as");
  EXPECT_EQ(context.span_id(), span);
  EXPECT_EQ(context.parent_span_id(), parent);
  EXPECT_FALSE(context.flags().sampled());
  EXPECT_EQ(context.tracestate(), "a=1");
  EXPECT_EQ(context.baggage(), "b=2");
}

TEST(NewTrace, DoesNotTakeAnInvalidId) {
  EXPECT_TRUE(Context::new_trace({.trace_id = TraceId()}).has_trace());
}

TEST(ContextWith, AddsFieldsAndLeavesTheOriginalAsItWas) {
  const Context trace = Context::new_trace();
  const Context job = trace.with({{"job_id", 42}, {"account_id", "acme"}});
  EXPECT_TRUE(trace.fields().empty());
  ASSERT_EQ(job.fields().size(), 2U);
  EXPECT_EQ(job.fields()[0], (Field{"job_id", 42}));
  EXPECT_EQ(job.fields()[1], (Field{"account_id", "acme"}));
  EXPECT_EQ(job.trace_id(), trace.trace_id());
  EXPECT_EQ(job.span_id(), trace.span_id());
}

TEST(ContextWith, ReplacesAValueInItsPlace) {
  const Context first = Context().with({{"a", 1}, {"b", 2}});
  const Context second = first.with({{"a", "one"}, {"c", 3}, {"c", 4}});
  ASSERT_EQ(second.fields().size(), 3U);
  EXPECT_EQ(second.fields()[0], (Field{"a", "one"}));
  EXPECT_EQ(second.fields()[2], (Field{"c", 4}));
  EXPECT_EQ(first.fields()[0], (Field{"a", 1}));
}

TEST(ContextWith, OwnsTheTextsItWasGiven) {
  Context context;
  {
    const std::string key(100, 'k');
    const std::string value(100, 'v');
    context = Context::new_trace({.name = std::string(50, 'n')}).with({{key, value}});
    context = context.with({{"more", context.fields()[0].value}});  // from itself
  }
  EXPECT_EQ(context.trace_name(), std::string(50, 'n'));
  EXPECT_EQ(context.fields()[0].key, std::string(100, 'k'));
  EXPECT_EQ(context.fields()[0].value.as_string(), std::string(100, 'v'));
  EXPECT_EQ(context.fields()[1].value.as_string(), std::string(100, 'v'));
}

TEST(ContextWith, NothingIsTheSameContext) {
  const Context context = Context::new_trace();
  EXPECT_EQ(context.with(Fields()), context);
}

TEST(ContextWithBaggage, ReplacesTheBaggageAlone) {
  const Context context = Context::new_trace({.baggage = "a=1"}).with({{"f", 1}});
  const Context changed = context.with_baggage("b=2");
  EXPECT_EQ(changed.baggage(), "b=2");
  EXPECT_EQ(context.baggage(), "a=1");
  EXPECT_EQ(changed.fields().size(), 1U);
  EXPECT_EQ(changed.trace_id(), context.trace_id());
}

TEST(ContextChild, IsTheNextHopOfTheSameTrace) {
  const Context parent = Context::new_trace({.name = "n", .tracestate = "a=1"}).with({{"f", 1}});
  const Context child = parent.child();
  EXPECT_EQ(child.trace_id(), parent.trace_id());
  EXPECT_EQ(child.parent_span_id(), parent.span_id());
  EXPECT_TRUE(child.span_id().is_valid());
  EXPECT_FALSE(child.span_id() == parent.span_id());
  EXPECT_EQ(child.flags(), parent.flags());
  EXPECT_EQ(child.trace_name(), "n");
  EXPECT_EQ(child.tracestate(), "a=1");
  EXPECT_EQ(child.fields().size(), 1U);
}

TEST(ContextChild, StartsATraceWhereThereIsNone) {
  const Context child = Context().with({{"f", 1}}).child();
  EXPECT_TRUE(child.has_trace());
  EXPECT_TRUE(child.flags().sampled());
  EXPECT_FALSE(child.parent_span_id().is_valid());
  EXPECT_EQ(child.fields().size(), 1U);
  EXPECT_TRUE(Context().child().has_trace());
}

TEST(Context, IsKeptAliveByAnyCopy) {
  Context copy;
  {
    const Context original = Context::new_trace({.name = "kept"});
    copy = original;
    EXPECT_EQ(copy, original);
  }
  EXPECT_EQ(copy.trace_name(), "kept");
  Context moved = std::move(copy);
  EXPECT_EQ(moved.trace_name(), "kept");
  moved = moved.child();
  EXPECT_EQ(moved.trace_name(), "kept");
}

TEST(Context, MayBeSharedBetweenThreads) {
  const Context shared = Context::new_trace().with({{"f", "shared"}});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&shared] {
      for (int round = 0; round < 2'000; ++round) {
        const Context copy = shared;
        const Context child = copy.child().with({{"round", round}});
        EXPECT_EQ(child.fields().size(), 2U);
        EXPECT_EQ(child.parent_span_id(), shared.span_id());
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST(ExportFields, GivesIdsAndFieldsAsText) {
  const Context context = Context::new_trace({.trace_id = TraceId::from_name("x")})
                              .with({{"job_id", 42}, {"cached", true}, {"span_id", "forged"}})
                              .child();
  const auto all = export_fields(context);
  EXPECT_EQ(all.at("trace_id"), TraceId::from_name("x").to_hex());
  EXPECT_EQ(all.at("span_id"), context.span_id().to_hex());
  EXPECT_EQ(all.at("parent_span_id"), context.parent_span_id().to_hex());
  EXPECT_EQ(all.at("job_id"), "42");
  EXPECT_EQ(all.at("cached"), "true");
  EXPECT_EQ(all.size(), 5U);
}

TEST(ExportFields, PrefersTheTracesNameAndLeavesOutWhatIsNotThere) {
  EXPECT_EQ(export_fields(Context::new_trace({.name = "abc"})).at("trace_id"), "abc");
  EXPECT_TRUE(export_fields(Context()).empty());
}

}  // namespace
}  // namespace waybill
