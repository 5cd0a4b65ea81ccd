#include <chrono>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/core/error.h>
#include <waybill/metrics/internal/exemplars.h>
#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/meter.h>

namespace waybill {
namespace {

using internal::points_of;

class ExemplarTest : public testing::Test {
 protected:
  ~ExemplarTest() override {
    unsetenv("OTEL_METRICS_EXEMPLAR_FILTER");
    configure_metrics({});
  }
};

template <class Point = NumberPoint>
std::vector<Exemplar> exemplars_of(const std::string& meter, const std::string& name) {
  return points_of<Point>(meter, name).at(0).exemplars;
}

TEST_F(ExemplarTest, HasTheIdsAndTheValueOfTheMeasurement) {
  const auto before = std::chrono::system_clock::now();
  const auto counter = Meter("exemplar.ids").counter("c");
  const Context context = Context::new_trace();
  const Scope scope{context};
  counter.add(7, {{"route", "/"}});
  const auto exemplars = exemplars_of("exemplar.ids", "c");
  ASSERT_EQ(exemplars.size(), 1U);
  EXPECT_EQ(exemplars[0].trace_id, context.trace_id());
  EXPECT_EQ(exemplars[0].span_id, context.span_id());
  EXPECT_EQ(std::get<std::int64_t>(exemplars[0].value), 7);
  EXPECT_GE(exemplars[0].time, before);
  EXPECT_LE(exemplars[0].time, std::chrono::system_clock::now());
  EXPECT_TRUE(exemplars[0].attributes.empty());
}

TEST_F(ExemplarTest, FiltersByWhetherTheContextIsSampled) {
  const Meter meter("exemplar.filter");
  const Context sampled = Context::new_trace();
  const Context dropped = Context::new_trace().with_sampling(Sampling::kDropped);
  struct Case {
    std::string name;
    ExemplarFilter filter;
    const Context& context;
    bool kept;
  };
  const Context none;
  const std::vector<Case> cases = {
      {"a", ExemplarFilter::kTraceBased, sampled, true},
      {"b", ExemplarFilter::kTraceBased, dropped, false},
      {"c", ExemplarFilter::kTraceBased, none, false},
      {"d", ExemplarFilter::kAlwaysOn, sampled, true},
      {"e", ExemplarFilter::kAlwaysOn, dropped, true},
      {"f", ExemplarFilter::kAlwaysOn, none, true},
      {"g", ExemplarFilter::kAlwaysOff, sampled, false},
  };
  for (const Case& c : cases) {
    configure_metrics({.exemplar_filter = c.filter});
    const Scope scope{c.context};
    meter.counter(c.name).add(1);
    meter.gauge(c.name + ".gauge").set(1);
    meter.histogram(c.name + ".histogram").record(1);
    meter.exponential_histogram(c.name + ".exponential").record(1);
    const std::size_t expected = c.kept ? 1 : 0;
    EXPECT_EQ(exemplars_of("exemplar.filter", c.name).size(), expected) << c.name;
    EXPECT_EQ(exemplars_of("exemplar.filter", c.name + ".gauge").size(), expected) << c.name;
    EXPECT_EQ(exemplars_of<HistogramPoint>("exemplar.filter", c.name + ".histogram").size(),
              expected)
        << c.name;
    EXPECT_EQ(
        exemplars_of<ExponentialHistogramPoint>("exemplar.filter", c.name + ".exponential").size(),
        expected)
        << c.name;
  }
}

TEST_F(ExemplarTest, TakesTheFilterFromTheEnvironment) {
  const auto counter = Meter("exemplar.environment").counter("c");
  setenv("OTEL_METRICS_EXEMPLAR_FILTER", "always_on", 1);
  configure_metrics({});
  counter.add(1);
  EXPECT_EQ(exemplars_of("exemplar.environment", "c").size(), 1U);
  setenv("OTEL_METRICS_EXEMPLAR_FILTER", "sometimes", 1);
  try {
    configure_metrics({});
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "option 'OTEL_METRICS_EXEMPLAR_FILTER': 'sometimes' is not valid: expected "
                 "trace_based, always_on or always_off");
  }
}

TEST_F(ExemplarTest, AHistogramHasOneInEachBucketAtMost) {
  const auto histogram = Meter("exemplar.buckets").histogram("h", {.bounds = {1, 2, 3}});
  const Scope scope{Context::new_trace()};
  for (int i = 0; i < 100; ++i) {
    for (const double value : {0.5, 2.5, 9.0}) histogram.record(value);
  }
  std::multiset<double> values;
  for (const Exemplar& exemplar : exemplars_of<HistogramPoint>("exemplar.buckets", "h")) {
    values.insert(std::get<double>(exemplar.value));
  }
  EXPECT_EQ(values, (std::multiset<double>{0.5, 2.5, 9.0}));
}

TEST_F(ExemplarTest, AnExponentialHistogramHasTwentyAtMost) {
  const auto histogram = Meter("exemplar.twenty").exponential_histogram("h");
  const Scope scope{Context::new_trace()};
  for (int i = 0; i < 100; ++i) histogram.record(i);
  EXPECT_EQ(exemplars_of<ExponentialHistogramPoint>("exemplar.twenty", "h").size(), 20U);
}

// After a collection, what comes next takes the place of what was there.
TEST_F(ExemplarTest, AreDrawnAnewAfterEachCollection) {
  const auto counter = Meter("exemplar.rounds").counter("c");
  for (int i = 0; i < 1'000; ++i) {
    const Scope scope{Context::new_trace()};
    counter.add(1);
  }
  collect();
  const Context last = Context::new_trace();
  const Scope scope{last};
  counter.add(2);
  EXPECT_EQ(exemplars_of("exemplar.rounds", "c").at(0).trace_id, last.trace_id());
}

// Each of ten measurements is the one that is kept about as often as the others: within six
// standard deviations.
TEST_F(ExemplarTest, EveryMeasurementHasTheSameChance) {
  constexpr int kDraws = 20'000;
  constexpr std::size_t kMeasurements = 10;
  std::vector<int> kept(kMeasurements);
  internal::ExemplarDraw draw;
  for (int i = 0; i < kDraws; ++i) {
    internal::exemplar_round.fetch_add(1);
    std::size_t last = 0;
    for (std::size_t m = 0; m < kMeasurements; ++m) {
      if (draw.next(1) != internal::ExemplarDraw::kNone) last = m;
    }
    ++kept[last];
  }
  const double expected = static_cast<double>(kDraws) / kMeasurements;
  for (const int count : kept) EXPECT_NEAR(count, expected, 6 * std::sqrt(expected * 0.9));
}

}  // namespace
}  // namespace waybill
