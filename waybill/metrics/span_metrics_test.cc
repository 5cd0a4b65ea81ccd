#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/core/error.h>
#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/span_metrics.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/trace/tracer.h>
#include <waybill/trace/tracing.h>

namespace waybill {
namespace {

using internal::numbers_of;
using internal::points_of;
using testing::ElementsAre;
using namespace std::chrono_literals;

constexpr const char* kMeter = "waybill.span_metrics";

class SpanMetricsTest : public testing::Test {
 protected:
  ~SpanMetricsTest() override { configure_tracing({}); }

  static void set_up(const SpanMetricsOptions& options) {
    configure_tracing({.exporters = {span_metrics_exporter(options)}});
  }
};

TEST_F(SpanMetricsTest, CountsCallsErrorsAndDurations) {
  set_up({.bounds = {0.1, 1}, .prefix = "red"});
  const auto start = std::chrono::system_clock::now();
  for (const auto took : {50ms, 500ms}) {
    Span span = start_span("GET /", {}, {.kind = SpanKind::kServer, .start_time = start});
    span.end(start + took);
  }
  Span failed = start_span("GET /", {}, {.kind = SpanKind::kServer, .start_time = start});
  const Context context = failed.context();
  failed.set_error("no");
  failed.end(start + 5s);
  ASSERT_TRUE(flush());
  EXPECT_THAT(
      numbers_of(kMeter, "red.calls"),
      ElementsAre("span.kind=SPAN_KIND_SERVER,span.name=GET /,status.code=STATUS_CODE_ERROR: 1",
                  "span.kind=SPAN_KIND_SERVER,span.name=GET /,status.code=STATUS_CODE_UNSET: 2"));
  EXPECT_THAT(numbers_of(kMeter, "red.errors"),
              ElementsAre("span.kind=SPAN_KIND_SERVER,span.name=GET /: 1"));
  const auto durations = points_of<HistogramPoint>(kMeter, "red.duration");
  ASSERT_EQ(durations.size(), 2U);
  EXPECT_THAT(durations[0].buckets, ElementsAre(1, 1, 0));
  EXPECT_THAT(durations[1].buckets, ElementsAre(0, 0, 1));
  EXPECT_DOUBLE_EQ(durations[1].sum, 5);
  ASSERT_EQ(durations[1].exemplars.size(), 1U);
  EXPECT_EQ(durations[1].exemplars[0].trace_id, context.trace_id());
  EXPECT_EQ(durations[1].exemplars[0].span_id, context.span_id());
  EXPECT_EQ(points_of<NumberPoint>(kMeter, "red.errors")[0].exemplars.at(0).trace_id,
            context.trace_id());
}

TEST_F(SpanMetricsTest, HasTheAttributesThatAreAskedFor) {
  set_up({.attributes = {"method", "tier", "absent", "list"}, .prefix = "red.attributes"});
  {
    const Scope scope{Context::new_trace().with({{"tier", "gold"}, {"method", "context's"}})};
    const auto span =
        waybill::span("s", {{"method", "GET"}, {"other", 1}, {"list", std::vector<double>{1}}});
  }
  ASSERT_TRUE(flush());
  EXPECT_THAT(numbers_of(kMeter, "red.attributes.calls"),
              ElementsAre("method=GET,span.kind=SPAN_KIND_INTERNAL,span.name=s,"
                          "status.code=STATUS_CODE_UNSET,tier=gold: 1"));
}

TEST_F(SpanMetricsTest, CanBeExponential) {
  set_up({.exponential = true, .prefix = "red.exponential"});
  { const auto span = waybill::span("s"); }
  ASSERT_TRUE(flush());
  EXPECT_EQ(points_of<ExponentialHistogramPoint>(kMeter, "red.exponential.duration").at(0).count,
            1U);
}

TEST_F(SpanMetricsTest, KeepsWithinItsLimit) {
  set_up({.cardinality_limit = 3, .prefix = "red.limit"});
  for (int i = 0; i < 5; ++i) {
    const auto span = waybill::span(std::string("s").append(std::to_string(i)));
  }
  ASSERT_TRUE(flush());
  EXPECT_EQ(numbers_of(kMeter, "red.limit.calls").size(), 3U);
}

TEST_F(SpanMetricsTest, RefusesOptionsThatAnInstrumentCannotHave) {
  EXPECT_THROW(span_metrics_exporter({.bounds = {2, 1}}), Error);
  EXPECT_THROW(span_metrics_exporter({.prefix = "1"}), Error);
}

}  // namespace
}  // namespace waybill
