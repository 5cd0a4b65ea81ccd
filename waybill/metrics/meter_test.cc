#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/meter.h>

namespace waybill {
namespace {

using internal::numbers_of;
using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Meter, GivesTheSameInstrumentForTheSameNameAndKind) {
  Meter("meter.same", "1").counter("requests").add(1);
  Meter("meter.same", "1").counter("Requests", {.description = "Another text."}).add(2);
  EXPECT_THAT(numbers_of("meter.same", "requests"), ElementsAre(": 3"));
}

TEST(Meter, KeepsScopesApart) {
  Meter("meter.scope", "1").counter("requests").add(1);
  Meter("meter.scope", "2").counter("requests").add(2);
  Meter("meter.other", "1").gauge("requests").set(3);
  const MetricSnapshot snapshot = collect();
  int versions = 0;
  for (const MetricData& metric : snapshot.metrics) versions += metric.scope.name == "meter.scope";
  EXPECT_EQ(versions, 2);
  EXPECT_THAT(numbers_of("meter.other", "requests"), ElementsAre(": 3"));
}

TEST(Meter, TellsWhatAnInstrumentIs) {
  const Meter meter("meter.tells", "7");
  meter.histogram("size", {.unit = "By", .description = "Bytes.", .bounds = {1}}).record(1);
  const MetricSnapshot snapshot = collect();
  const MetricData* metric = internal::find_metric(snapshot, "meter.tells", "size");
  ASSERT_NE(metric, nullptr);
  EXPECT_EQ(metric->unit, "By");
  EXPECT_EQ(metric->description, "Bytes.");
  EXPECT_EQ(metric->kind, MetricKind::kHistogram);
  EXPECT_EQ(metric->temporality, Temporality::kCumulative);
  EXPECT_EQ(metric->scope.version, "7");
}

TEST(Meter, RefusesAnInstrumentThatIsAnotherAlready) {
  const Meter meter("meter.conflict");
  meter.counter("c", {.unit = "s"});
  meter.histogram("h", {.bounds = {1, 2}});
  meter.exponential_histogram("e");
  meter.observable_gauge("g", {}, [](Observer&) {}).~ObservableHandle();
  struct Case {
    std::function<void()> call;
    std::string says;
  };
  const std::vector<Case> cases = {
      {[&] { meter.gauge("c", {.unit = "s"}); },
       "option 'instrument c': 'a gauge of floating point numbers' is not valid: expected what it "
       "is "
       "already, a counter of integers"},
      {[&] { meter.double_counter("c", {.unit = "s"}); }, "a counter of floating point numbers"},
      {[&] { meter.up_down_counter("C", {.unit = "s"}); }, "an up-down counter"},
      {[&] { meter.counter("c", {.unit = "ms"}); }, "the unit that it has already, 's'"},
      {[&] {
         meter.histogram("h", {.bounds = {1, 3}});
       },
       "buckets of instrument h"},
      {[&] { meter.histogram("e"); }, "an exponential histogram"},
      {[&] { meter.exponential_histogram("e", {.max_buckets = 20}); }, "buckets of"},
      {[&] { meter.gauge("g"); }, "an observable gauge"},
  };
  for (const Case& c : cases) EXPECT_THAT(error_of(c.call), HasSubstr(c.says));
}

TEST(Meter, RefusesWhatIsNotValid) {
  const Meter meter("meter.invalid");
  const double infinity = std::numeric_limits<double>::infinity();
  for (const std::string name : {"", "1st", "_x", "a b", "a\n", "ä"}) {
    EXPECT_THAT(error_of([&] { meter.counter(name); }), HasSubstr("name of an instrument")) << name;
  }
  EXPECT_EQ(error_of([&] { meter.counter("a" + std::string(254, 'b')); }), "no error");
  EXPECT_EQ(error_of([&] { meter.counter("http.server/requests_total-2"); }), "no error");
  EXPECT_THAT(error_of([&] { meter.counter("a" + std::string(255, 'b')); }), HasSubstr("254"));
  EXPECT_THAT(error_of([&] { meter.counter("u", {.unit = std::string(64, 'x')}); }),
              HasSubstr("unit of instrument u"));
  EXPECT_THAT(error_of([&] { meter.counter("u", {.unit = "\n"}); }), HasSubstr("unit"));
  EXPECT_THAT(error_of([&] { meter.counter("l", {.cardinality_limit = 1}); }),
              HasSubstr("cardinality_limit of instrument l"));
  for (const std::vector<double>& bounds :
       {std::vector<double>{2, 1}, {1, 1}, {infinity}, std::vector<double>(201)}) {
    EXPECT_THAT(error_of([&] { meter.histogram("b", {.bounds = bounds}); }),
                HasSubstr("bounds of instrument b"));
  }
  EXPECT_THAT(error_of([&] { meter.exponential_histogram("e", {.max_buckets = 161}); }),
              HasSubstr("2 to 160"));
  EXPECT_THAT(error_of([&] { meter.exponential_histogram("e", {.max_scale = 21}); }),
              HasSubstr("-10 to 20"));
  EXPECT_THAT(error_of([&] { meter.observable_counter("o", {}, nullptr).~ObservableHandle(); }),
              HasSubstr("a function"));
}

}  // namespace
}  // namespace waybill
