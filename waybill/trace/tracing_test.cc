#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include <waybill/core/core.h>
#include <waybill/core/error.h>
#include <waybill/trace/internal/tracing_fixture.h>
#include <waybill/trace/samplers.h>
#include <waybill/trace/tracer.h>

namespace waybill {
namespace {

using namespace std::chrono_literals;

class TracingSetUp : public internal::TracingTest {};

// Counts what it is asked, and answers the same each time.
class Fixed final : public Sampler {
 public:
  explicit Fixed(SamplingAnswer answer) : answer_(std::move(answer)) {}
  SamplingAnswer decide(const SamplingQuestion& question) noexcept override {
    ++asked;
    had_trace = question.parent.has_trace();
    return answer_;
  }
  std::string description() const override { return "Fixed"; }

  int asked = 0;
  bool had_trace = false;

 private:
  SamplingAnswer answer_;
};

void nested_spans() {
  const auto outer = waybill::span("outer");
  const auto inner = waybill::span("inner");
}

TEST_F(TracingSetUp, AsksTheSamplerOnceForALocalRoot) {
  const auto sampler = std::make_shared<Fixed>(SamplingAnswer{.sampling = Sampling::kSampled});
  set_up({.sampler = sampler});
  nested_spans();
  EXPECT_EQ(sampler->asked, 1);
  EXPECT_EQ(ended().size(), 2U);
}

TEST_F(TracingSetUp, WhatIsDroppedStaysSoBelow) {
  const auto sampler = std::make_shared<Fixed>(SamplingAnswer{.sampling = Sampling::kDropped});
  set_up({.sampler = sampler});
  {
    const auto root = waybill::span("root");
    EXPECT_TRUE(Context::current().has_trace());
    EXPECT_FALSE(Context::current().flags().sampled());
    nested_spans();
  }
  EXPECT_EQ(sampler->asked, 1);
  EXPECT_TRUE(ended().empty());
}

TEST_F(TracingSetUp, NoSamplerTakesADebugTraceAway) {
  const auto sampler = std::make_shared<Fixed>(
      SamplingAnswer{.sampling = Sampling::kDropped, .changes_tracestate = true, .tracestate = ""});
  set_up({.sampler = sampler});
  const Scope remote{Context::new_trace(
      {.sampling = Sampling::kDebug, .is_remote = true, .tracestate = "ot=th:8"})};
  {
    const auto span = waybill::span("root");
    EXPECT_TRUE(span.is_recording());
    EXPECT_EQ(Context::current().sampling(), Sampling::kDebug);
    EXPECT_EQ(Context::current().tracestate(), "ot=th:8");
  }
  EXPECT_EQ(sampler->asked, 0);
  EXPECT_TRUE(only().flags.sampled());
}

TEST_F(TracingSetUp, ATraceThatTheProgramBeganIsTheSamplersToDecide) {
  const auto sampler = std::make_shared<Fixed>(SamplingAnswer{.sampling = Sampling::kDropped});
  set_up({.sampler = sampler});
  const Scope scope{Context::new_trace()};
  nested_spans();
  EXPECT_FALSE(sampler->had_trace);
  EXPECT_TRUE(ended().empty());
  const Scope remote{Context::new_trace({.is_remote = true})};
  nested_spans();
  EXPECT_TRUE(sampler->had_trace);
}

TEST_F(TracingSetUp, TakesOverTheSamplersTracestate) {
  set_up(
      {.sampler = std::make_shared<Fixed>(SamplingAnswer{
           .sampling = Sampling::kSampled, .changes_tracestate = true, .tracestate = "ot=th:8"})});
  {
    const Scope scope{Context{}.with({{"job_id", 42}})};
    const auto span = waybill::span("root");
    EXPECT_EQ(Context::current().tracestate(), "ot=th:8");
  }
  const SpanData span = only();
  EXPECT_EQ(span.tracestate, "ot=th:8");
  EXPECT_NE(span.find("job_id"), nullptr);
}

TEST_F(TracingSetUp, WhatIsRecordedOnlyIsNotSampledForOthers) {
  set_up({.sampler = std::make_shared<Fixed>(SamplingAnswer{.sampling = Sampling::kRecorded})});
  {
    const auto span = waybill::span("root");
    EXPECT_TRUE(span.is_recording());
    EXPECT_FALSE(Context::current().flags().sampled());
  }
  EXPECT_EQ(ended().size(), 1U);
}

TEST_F(TracingSetUp, NamesTheServiceInEachSpan) {
  set_up({.service = "weather", .resource_attributes = {{"service.version", "2"}}});
  nested_spans();
  const SpanData span = ended().at(0);
  EXPECT_EQ(span.resource.service_name, "weather");
  EXPECT_EQ(span.resource.attributes.at(0).second, "2");
}

TEST_F(TracingSetUp, SaysWhatIsWrongWithAnOption) {
  EXPECT_THROW(configure_tracing({.exporters = {nullptr}}), Error);
  EXPECT_THROW(configure_tracing({.limits = {.bytes = 1U << 30}}), Error);
  EXPECT_THROW(configure_tracing({.tail = TailOptions{.memory_limit = 1}}), Error);
}

TEST_F(TracingSetUp, SpansUnderWayGoToTheNewExporters) {
  const auto other = memory_span_exporter();
  Span span = start_span("under way");
  configure_tracing({.exporters = {other}});
  span.end();
  flush();
  EXPECT_EQ(other->take().size(), 1U);
  EXPECT_TRUE(ended().empty());
}

// One per cent of 100,000 traces of five spans fail somewhere.
TEST_F(TracingSetUp, TailDecisionKeepsTheTracesThatFailAndHoldsItsBound) {
  constexpr std::size_t kMemory = 256 * 1024;
  constexpr int kTraces = 100'000;
  set_up({.tail = TailOptions{.memory_limit = kMemory}});
  std::size_t most_held = 0;
  for (int i = 0; i < kTraces; ++i) {
    const bool fails = i % 100 == 7;
    {
      const auto root = waybill::span("root", {{"trace", i}});
      for (int child = 0; child < 4; ++child) {
        auto span = waybill::span("child");
        if (fails && child == i % 4) span.set_error("no");
      }
      EXPECT_FALSE(Context::current().flags().sampled());
    }
    if (i % 1'000 == 0) {
      flush();
      most_held = std::max(most_held, tail_counts().bytes_held);
    }
  }
  const auto spans = ended();
  EXPECT_EQ(spans.size(), 5U * kTraces / 100);
  std::size_t roots = 0;
  for (const SpanData& span : spans) {
    if (span.name != "root") continue;
    ++roots;
    EXPECT_EQ(std::get<std::int64_t>(*span.find("trace")) % 100, 7);
  }
  EXPECT_EQ(roots, kTraces / 100U);
  EXPECT_LE(most_held, kMemory);
  EXPECT_EQ(tail_counts().traces_kept, kTraces / 100U);
  EXPECT_EQ(tail_counts().traces_dropped, kTraces - kTraces / 100U);
}

TEST_F(TracingSetUp, TailDecisionKeepsWhatOthersOrTheSamplerHaveSampled) {
  set_up({.tail = TailOptions{}});
  {
    const Scope scope{Context::new_trace({.is_remote = true})};
    nested_spans();
  }
  EXPECT_EQ(ended().size(), 2U);
  set_up({.sampler = always_on_sampler(), .tail = TailOptions{}});
  nested_spans();
  EXPECT_EQ(ended().size(), 2U);
  set_up({.tail = TailOptions{}});
  nested_spans();
  EXPECT_TRUE(ended().empty());
}

TEST_F(TracingSetUp, TailDecisionKeepsWhatWasSlow) {
  set_up({.tail = TailOptions{.keep_slower_than = 1s}});
  const std::chrono::system_clock::time_point start{1'000s};
  for (const auto took : {999ms, 1'000ms}) {
    Span span = start_span("timed", {}, {.start_time = start});
    span.end(start + took);
  }
  EXPECT_EQ(only().duration(), 1s);
}

}  // namespace
}  // namespace waybill
