#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include <waybill/core/context_var.h>
#include <waybill/core/core.h>
#include <waybill/trace/internal/tracing_fixture.h>
#include <waybill/trace/tracer.h>

namespace waybill {
namespace {

using internal::TracingTest;
using testing::ElementsAre;
using namespace std::chrono_literals;
using std::chrono::system_clock;

class SpanTest : public TracingTest {};

std::vector<std::string> names(const std::vector<SpanData>& spans) {
  std::vector<std::string> names;
  for (const SpanData& span : spans) names.push_back(span.name);
  return names;
}

std::string text(const SpanData& span, std::string_view key) {
  const OwnedAttributeValue* value = span.find(key);
  const auto* string = value != nullptr ? std::get_if<std::string>(value) : nullptr;
  return string != nullptr ? *string : "(none)";
}

TEST_F(SpanTest, IsCurrentUntilItsBlockEnds) {
  {
    const auto span = waybill::span("fetch");
    EXPECT_TRUE(span.is_recording());
    EXPECT_TRUE(Context::current().has_trace());
    EXPECT_EQ(Context::current(), span.context());
    EXPECT_TRUE(Context::current().flags().sampled());
  }
  EXPECT_TRUE(Context::current().empty());
  EXPECT_EQ(only().name, "fetch");
}

TEST_F(SpanTest, EndsInTheMomentItsBlockDoes) {
  const auto before = system_clock::now();
  system_clock::time_point inside;
  {
    const auto span = waybill::span("fetch");
    inside = system_clock::now();
    std::this_thread::sleep_for(2ms);  // what is measured, and not a synchronisation
  }
  const auto after = system_clock::now();
  const SpanData span = only();
  EXPECT_GE(span.start, before - 1ms);
  EXPECT_LE(span.start, inside + 1ms);
  EXPECT_GE(span.duration(), 2ms);
  EXPECT_LE(span.duration(), after - before + 1ms);
}

TEST_F(SpanTest, BelowAnotherIsItsChild) {
  {
    const auto outer = waybill::span("outer");
    { const auto inner = waybill::span("inner"); }
    { const auto second = waybill::span("second"); }
  }
  const auto spans = ended();
  ASSERT_THAT(names(spans), ElementsAre("inner", "second", "outer"));
  EXPECT_EQ(spans[0].trace_id, spans[2].trace_id);
  EXPECT_EQ(spans[0].parent_span_id, spans[2].span_id);
  EXPECT_EQ(spans[1].parent_span_id, spans[2].span_id);
  EXPECT_NE(spans[0].span_id, spans[1].span_id);
  EXPECT_FALSE(spans[2].parent_span_id.is_valid());
  EXPECT_TRUE(spans[2].is_local_root);
  EXPECT_FALSE(spans[0].is_local_root);
}

TEST_F(SpanTest, ContinuesATraceFromElsewhere) {
  const Context remote = Context::new_trace({.is_remote = true, .tracestate = "a=1"});
  {
    const Scope scope{remote};
    const auto span = waybill::span("serve", {}, {.kind = SpanKind::kServer});
    const auto inner = waybill::span("inner");
  }
  const auto spans = ended();
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[1].trace_id, remote.trace_id());
  EXPECT_EQ(spans[1].parent_span_id, remote.span_id());
  EXPECT_TRUE(spans[1].has_remote_parent);
  EXPECT_TRUE(spans[1].is_local_root);
  EXPECT_EQ(spans[1].kind, SpanKind::kServer);
  EXPECT_EQ(spans[1].tracestate, "a=1");
  EXPECT_EQ(spans[0].tracestate, "a=1");
  EXPECT_FALSE(spans[0].has_remote_parent);
}

TEST_F(SpanTest, BeginsTheTraceThatTheProgramHasBegun) {
  const Context job = Context::new_trace({.name = "batch-job"});
  {
    const Scope scope{job};
    const auto span = waybill::span("run");
  }
  const SpanData span = only();
  EXPECT_EQ(span.trace_id, job.trace_id());
  EXPECT_EQ(span.trace_name, "batch-job");
  EXPECT_FALSE(span.parent_span_id.is_valid());
}

TEST_F(SpanTest, OfATraceThatIsNotSampledIsNotRecordedAndKeepsTheTrace) {
  const Context remote = Context::new_trace({.sampling = Sampling::kDropped, .is_remote = true});
  {
    const Scope scope{remote};
    const auto span = waybill::span("serve");
    EXPECT_FALSE(span.is_recording());
    EXPECT_EQ(Context::current().trace_id(), remote.trace_id());
    EXPECT_FALSE(Context::current().flags().sampled());
    const Context around = Context::current();
    auto inner = waybill::span("inner");
    inner.set("key", 1).add_event("event").set_error("no");
    EXPECT_EQ(Context::current(), around);
  }
  EXPECT_TRUE(Context::current().empty());
  EXPECT_TRUE(ended().empty());
}

TEST_F(SpanTest, DoesNothingWhileTracingIsOff) {
  configure_tracing({});
  {
    auto span = waybill::span("fetch");
    span.set("key", 1);
    EXPECT_FALSE(span.is_recording());
    EXPECT_TRUE(Context::current().empty());
    Span other = start_span("other");
    EXPECT_FALSE(other.is_recording());
  }
  EXPECT_TRUE(ended().empty());
}

TEST_F(SpanTest, CarriesTheFieldsOfTheContextItBeganIn) {
  {
    const Context job = Context::new_trace({.is_remote = true}).with({{"job_id", "J-1"}});
    const Scope scope{job};
    const auto outer = waybill::span("outer");
    EXPECT_EQ(Context::current().fields().size(), 1U);
    const Scope more{Context::current().with({{"page", 3}})};
    const auto inner = waybill::span("inner", {{"job_id", "mine"}});
  }
  const auto spans = ended();
  ASSERT_THAT(names(spans), ElementsAre("inner", "outer"));
  EXPECT_EQ(spans[0].attributes,
            (std::vector<OwnedAttribute>{{"page", std::int64_t{3}}, {"job_id", "mine"}}));
  EXPECT_EQ(spans[1].attributes, (std::vector<OwnedAttribute>{{"job_id", "J-1"}}));
  EXPECT_EQ(spans[0].parent_span_id, spans[1].span_id);
}

TEST_F(SpanTest, FieldsOutliveTheContextTheyCameWith) {
  Span span;
  {
    const Scope scope{Context::new_trace().with({{"job_id", "a text that is long enough"}})};
    span = start_span("later");
  }
  std::thread([moved = std::move(span)]() mutable {
    const Scope scope{moved.context()};
    const auto inner = waybill::span("inner");
    EXPECT_EQ(Context::current().fields().size(), 1U);
  }).join();
  const auto spans = ended();
  ASSERT_THAT(names(spans), ElementsAre("inner", "later"));
  EXPECT_EQ(text(spans[0], "job_id"), "a text that is long enough");
  EXPECT_EQ(text(spans[1], "job_id"), "a text that is long enough");
  EXPECT_EQ(spans[0].parent_span_id, spans[1].span_id);
}

TEST_F(SpanTest, ContextOutlivesTheSpan) {
  Context kept;
  {
    const Scope scope{Context::new_trace().with({{"job_id", 42}})};
    const auto span = waybill::span("short");
    kept = Context::current();
  }
  EXPECT_TRUE(kept.has_trace());
  EXPECT_EQ(kept.fields().find("job_id")->value, FieldValue(42));
  EXPECT_EQ(kept.span_id(), only().span_id);
}

TEST_F(SpanTest, BeginsBelowTheParentItIsGiven) {
  const auto current = waybill::span("current");
  const Context elsewhere = Context::new_trace({.is_remote = true});
  { const auto span = waybill::span("below", {}, {.parent = &elsewhere}); }
  EXPECT_EQ(only().parent_span_id, elsewhere.span_id());
}

TEST_F(SpanTest, DetachedOneBeginsATraceAndKeepsTheFields) {
  {
    const Scope scope{Context::new_trace({.name = "the-job"}).with({{"job_id", 42}})};
    const auto outer = waybill::span("outer");
    const auto detached = waybill::span("detached", {}, {.links = {}, .new_trace = true});
    EXPECT_NE(Context::current().trace_id(), outer.context().trace_id());
    EXPECT_TRUE(Context::current().trace_name().empty());
  }
  const auto spans = ended();
  ASSERT_THAT(names(spans), ElementsAre("detached", "outer"));
  EXPECT_TRUE(spans[0].is_local_root);
  EXPECT_FALSE(spans[0].parent_span_id.is_valid());
  EXPECT_NE(spans[0].trace_id, spans[1].trace_id);
  EXPECT_NE(spans[0].find("job_id"), nullptr);
}

TEST_F(SpanTest, RetryIsASiblingLinkedToTheAttemptBefore) {
  {
    const auto job = waybill::span("job");
    Context before;
    for (int attempt = 1; attempt <= 2; ++attempt) {
      std::vector<Link> links;
      if (!before.empty()) links.emplace_back(before);
      const auto span = waybill::span("attempt", {{"attempt", attempt}}, {.links = links});
      before = span.context();
    }
  }
  const auto spans = ended();
  ASSERT_THAT(names(spans), ElementsAre("attempt", "attempt", "job"));
  EXPECT_TRUE(spans[0].links.empty());
  ASSERT_EQ(spans[1].links.size(), 1U);
  EXPECT_EQ(spans[1].links[0].span_id, spans[0].span_id);
  EXPECT_EQ(spans[1].links[0].trace_id, spans[0].trace_id);
  EXPECT_EQ(spans[1].parent_span_id, spans[2].span_id);
}

TEST_F(SpanTest, EndsEarlyOnRequestAndOnlyOnce) {
  {
    auto span = waybill::span("early");
    const Context context = span.context();
    span.end();
    span.end();
    span.set("late", true);
    EXPECT_FALSE(span.is_recording());
    EXPECT_EQ(Context::current(), context);
  }
  EXPECT_EQ(only().find("late"), nullptr);
}

TEST_F(SpanTest, TakesTimesFromElsewhere) {
  const system_clock::time_point start{1'700'000'000s};
  {
    Span span = start_span("import", {}, {.start_time = start});
    span.add_event("half", start + 500ms);
    span.end(start + 1s);
  }
  const SpanData span = only();
  EXPECT_EQ(span.start, start);
  EXPECT_EQ(span.end, start + 1s);
  ASSERT_EQ(span.events.size(), 1U);
  EXPECT_EQ(span.events[0].time, start + 500ms);
}

TEST_F(SpanTest, LeftByAnExceptionHasFailed) {
  try {
    const auto outer = waybill::span("outer");
    auto handled = waybill::span("handled");
    handled.set_status(SpanStatus::kOk);
    throw std::runtime_error("no");
  } catch (const std::runtime_error&) {
    const auto after = waybill::span("after");
  }
  const auto spans = ended();
  ASSERT_THAT(names(spans), ElementsAre("handled", "outer", "after"));
  EXPECT_EQ(spans[0].status, SpanStatus::kOk);
  EXPECT_EQ(spans[1].status, SpanStatus::kError);
  EXPECT_EQ(spans[2].status, SpanStatus::kUnset);
}

TEST_F(SpanTest, MovesToAnotherVariableAndEndsWithIt) {
  {
    Span first = start_span("moved");
    Span second = std::move(first);
    EXPECT_FALSE(first.is_recording());
    EXPECT_TRUE(second.is_recording());
    EXPECT_TRUE(ended().empty());
  }
  EXPECT_EQ(only().name, "moved");
  static_assert(!std::is_constructible_v<Span, ScopedSpan&&>);
}

TEST_F(SpanTest, ManyThreadsEachHaveTheirOwnTree) {
  constexpr int kThreads = 8;
  constexpr int kSpans = 2'000;
  const Context job = Context::new_trace({.is_remote = true}).with({{"job_id", 42}});
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&job, t] {
      const Scope scope{job};
      for (int i = 0; i < kSpans; ++i) {
        const auto outer = waybill::span("outer", {{"thread", t}});
        const auto inner = waybill::span("inner", {{"thread", t}, {"i", i}});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto spans = ended();
  ASSERT_EQ(spans.size(), 2U * kThreads * kSpans);
  std::unordered_map<SpanId, const SpanData*> by_id;
  for (const SpanData& span : spans) by_id[span.span_id] = &span;
  EXPECT_EQ(by_id.size(), spans.size());
  for (const SpanData& span : spans) {
    EXPECT_EQ(span.trace_id, job.trace_id());
    ASSERT_NE(span.find("job_id"), nullptr);
    if (span.name == "outer") continue;
    const auto parent = by_id.find(span.parent_span_id);
    ASSERT_NE(parent, by_id.end());
    EXPECT_EQ(*parent->second->find("thread"), *span.find("thread"));
  }
}

}  // namespace
}  // namespace waybill
