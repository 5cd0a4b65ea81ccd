#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/meter.h>

namespace waybill {
namespace {

using internal::numbers_of;
using internal::points_of;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Counter, AddsUpByAttributes) {
  const auto counter = Meter("counter.sums").counter("c");
  counter.add(1);
  counter.add(2U, {{"route", "/a"}});
  counter.add(3L, {{"route", "/a"}});
  counter.add(4, {{"route", "/b"}});
  counter.add(5, {{"route", "/b"}, {"code", 200}});
  EXPECT_THAT(numbers_of("counter.sums", "c"),
              ElementsAre(": 1", "code=200,route=/b: 5", "route=/a: 5", "route=/b: 4"));
}

TEST(Counter, TakesAttributesAsASet) {
  const auto counter = Meter("counter.set").counter("c");
  for (int i = 0; i < 2; ++i) {  // the second time, each spelling is known
    counter.add(1, {{"a", 1}, {"b", "x"}});
    counter.add(1, {{"b", "x"}, {"a", 1}});
    counter.add(1, {{"a", 7}, {"b", "x"}, {"a", 1}});
    counter.add(1, {{"a", 1U}, {"b", std::string("x")}});
  }
  counter.add(1, {{"a", "1"}, {"b", "x"}});  // another type is another value
  counter.add(1, {{"a", true}, {"b", "x"}});
  EXPECT_THAT(numbers_of("counter.set", "c"),
              ElementsAre("a=1,b=x: 1", "a=1,b=x: 8", "a=true,b=x: 1"));
}

TEST(Counter, KeepsLargeUnsignedAttributes) {
  const auto counter = Meter("counter.unsigned").counter("c");
  counter.add(1, {{"a", std::numeric_limits<std::uint64_t>::max()}});
  EXPECT_THAT(numbers_of("counter.unsigned", "c"), ElementsAre("a=18446744073709551615: 1"));
}

TEST(Counter, RefusesWhatIsNegative) {
  const Meter meter("counter.negative");
  const std::uint64_t before = metric_counts().refused_values;
  const auto counter = meter.counter("c");
  counter.add(5);
  counter.add(-1);
  const auto real = meter.double_counter("d");
  real.add(0.5);
  for (const double value : {-0.5, kNan, kInfinity}) real.add(value);
  EXPECT_THAT(numbers_of("counter.negative", "c"), ElementsAre(": 5"));
  EXPECT_THAT(numbers_of("counter.negative", "d"), ElementsAre(": 0.5"));
  EXPECT_EQ(metric_counts().refused_values, before + 4);
}

TEST(UpDownCounter, GoesUpAndDown) {
  const Meter meter("updown");
  const auto counter = meter.up_down_counter("c");
  counter.add(5);
  counter.add(-7);
  const auto real = meter.double_up_down_counter("d");
  real.add(-0.5);
  real.add(kInfinity);
  EXPECT_THAT(numbers_of("updown", "c"), ElementsAre(": -2"));
  EXPECT_THAT(numbers_of("updown", "d"), ElementsAre(": -0.5"));
}

TEST(Gauge, HasTheLastValue) {
  const Meter meter("gauge");
  const auto gauge = meter.gauge("g");
  const auto bound = gauge.bind({{"a", 1}});
  EXPECT_THAT(numbers_of("gauge", "g"), IsEmpty()) << "nothing has been set";
  gauge.set(1.5);
  gauge.set(2.5);
  bound.set(3);
  meter.int_gauge("i").set(-4);
  EXPECT_THAT(numbers_of("gauge", "g"), ElementsAre(": 2.5", "a=1: 3"));
  EXPECT_THAT(numbers_of("gauge", "i"), ElementsAre(": -4"));
}

TEST(BoundHandle, IsThePointOfItsAttributes) {
  const auto counter = Meter("bound").counter("c");
  const auto bound = counter.bind({{"b", 1}, {"a", 1}});
  EXPECT_THAT(numbers_of("bound", "c"), ElementsAre("a=1,b=1: 0")) << "there from the beginning";
  bound.add(2);
  counter.add(1, {{"a", 1}, {"b", 1}});
  EXPECT_THAT(numbers_of("bound", "c"), ElementsAre("a=1,b=1: 3"));
}

TEST(Histogram, CountsByBoundsWhichAreInclusive) {
  const auto histogram = Meter("histogram").histogram("h", {.bounds = {-1, 0, 1, 10}});
  for (const double value : {-5.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 10.0, 10.5, 1e300}) {
    histogram.record(value);
  }
  const auto points = points_of<HistogramPoint>("histogram", "h");
  ASSERT_EQ(points.size(), 1U);
  EXPECT_THAT(points[0].buckets, ElementsAre(2, 2, 2, 2, 2));
  EXPECT_THAT(points[0].bounds, ElementsAre(-1, 0, 1, 10));
  EXPECT_EQ(points[0].count, 10U);
  EXPECT_EQ(points[0].min, -5);
  EXPECT_EQ(points[0].max, 1e300);
  EXPECT_EQ(points[0].sum, 1e300);
  EXPECT_LT(points[0].start, points[0].time);
}

// Whatever the number of bounds, each value is where a linear search would put it.
TEST(Histogram, FindsEveryBucket) {
  const Meter meter("histogram.buckets");
  for (std::size_t size = 0; size <= 20; ++size) {
    std::vector<double> bounds;
    for (std::size_t i = 0; i < size; ++i) bounds.push_back(static_cast<double>(i));
    std::string name = std::to_string(size);
    name.insert(0, 1, 'h');
    const auto histogram = meter.histogram(name, {.bounds = bounds});
    std::vector<std::uint64_t> expected(size + 1);
    for (double value = -1; value <= static_cast<double>(size) + 1; value += 0.5) {
      histogram.record(value);
      std::size_t bucket = 0;
      while (bucket < size && bounds[bucket] < value) ++bucket;
      ++expected[bucket];
    }
    EXPECT_THAT(points_of<HistogramPoint>("histogram.buckets", name)[0].buckets,
                ElementsAreArray(expected));
  }
}

TEST(Histogram, RefusesWhatIsNotFinite) {
  const std::uint64_t before = metric_counts().refused_values;
  const Meter meter("histogram.finite");
  for (const auto& histogram : {meter.histogram("h"), meter.exponential_histogram("e")}) {
    histogram.record(1);
    for (const double value : {kNan, kInfinity, -kInfinity}) histogram.record(value);
  }
  EXPECT_EQ(points_of<HistogramPoint>("histogram.finite", "h")[0].count, 1U);
  EXPECT_EQ(points_of<ExponentialHistogramPoint>("histogram.finite", "e")[0].count, 1U);
  EXPECT_EQ(metric_counts().refused_values, before + 6);
}

TEST(Histogram, HasOpenTelemetrysDefaultBounds) {
  Meter("histogram.default").histogram("h").record(60);
  const auto point = points_of<HistogramPoint>("histogram.default", "h").at(0);
  EXPECT_THAT(point.bounds,
              ElementsAre(0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000));
  EXPECT_EQ(point.buckets[5], 1U);
}

TEST(Cardinality, SumsUpWhatIsBeyondTheLimit) {
  const std::uint64_t before = metric_counts().overflowed;
  const auto counter = Meter("limit").counter("c", {.cardinality_limit = 4});
  for (int i = 0; i < 10; ++i) counter.add(1, {{"user", i}});
  for (int i = 0; i < 10; ++i) counter.add(1, {{"user", i}});
  EXPECT_THAT(numbers_of("limit", "c"),
              ElementsAre("otel.metric.overflow=true: 14", "user=0: 2", "user=1: 2", "user=2: 2"));
  EXPECT_EQ(metric_counts().overflowed, before + 14);
}

TEST(Cardinality, IsThatOfOpenTelemetryByDefault) {
  const auto histogram = Meter("limit.default").exponential_histogram("h");
  for (int i = 0; i < 3'000; ++i) histogram.record(1, {{"user", i}});
  const auto points = points_of<ExponentialHistogramPoint>("limit.default", "h");
  ASSERT_EQ(points.size(), 2'000U);
  std::uint64_t count = 0;
  for (const auto& point : points) count += point.count;
  EXPECT_EQ(count, 3'000U);
}

// Each spelling of the same attributes is found, however many there are.
TEST(Cardinality, CountsNoSpellings) {
  const auto counter = Meter("limit.spellings").counter("c", {.cardinality_limit = 2});
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 100; ++i) counter.add(1, {{"a", i}, {"b", 1}, {"a", 1}});
  }
  EXPECT_THAT(numbers_of("limit.spellings", "c"), ElementsAre("a=1,b=1: 200"));
}

TEST(Attributes, LeavesOutNamesOfTraces) {
  const std::uint64_t before = metric_counts().refused_attributes;
  const auto counter = Meter("refused").counter("c", {.cardinality_limit = 3});
  for (int i = 0; i < 10; ++i) counter.add(1, {{"trace_id", i / 2}, {"route", "/"}});
  counter.add(1, {{"spanId", "x"}, {"TRACE-ID", 1}, {"route", "/"}, {"", 1}});
  EXPECT_THAT(numbers_of("refused", "c"), ElementsAre("route=/: 11"));
  EXPECT_EQ(metric_counts().refused_attributes, before + 13);
}

TEST(Attributes, AreBounded) {
  const auto counter = Meter("bounded").counter("c");
  std::vector<std::string> keys;
  for (int i = 0; i < 100; ++i) keys.push_back(std::to_string(1000 + i));
  std::vector<Field> fields;
  for (const std::string& key : keys) fields.push_back({key, 1});
  counter.add(1, Fields(fields.data(), fields.size()));
  counter.add(1, {{"long", std::string(1023, 'x') + "ä" + std::string(5'000, 'y')}});
  counter.add(1, {{"broken", "a\xff"}});
  const auto points = points_of<NumberPoint>("bounded", "c");
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].attributes.size(), 64U);
  EXPECT_EQ(std::get<std::string>(points[1].attributes[0].value), std::string(1023, 'x'));
  EXPECT_EQ(std::get<std::string>(points[2].attributes[0].value), "a\xef\xbf\xbd");
}

}  // namespace
}  // namespace waybill
