#include <cstdint>
#include <limits>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/meter.h>
#include <waybill/metrics/prometheus.h>

// UndefinedBehaviorSanitizer knows what would be wrong here.
namespace waybill::internal {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
const std::string kLeastText = std::to_string(kLeast);

TEST(WrappingSum, IsThatOfAllThreads) {
  const auto counter = Meter("wrapping.threads").up_down_counter("c");
  counter.add(kLargest);
  std::thread([&] { counter.add(1); }).join();
  EXPECT_THAT(numbers_of("wrapping.threads", "c"), ElementsAre(": " + kLeastText));
}

TEST(WrappingSum, HasDifferencesThatWrap) {
  std::int64_t value = kLeast;
  const auto handle = Meter("wrapping.differences")
                          .observable_up_down_counter(
                              "c", {}, [&value](Observer& observer) { observer.observe(value); });
  const auto difference = [] {
    MetricSnapshot snapshot;
    snapshot.metrics = MetricCollector::get().collect(true).differences;
    return text_of(points_in<NumberPoint>(snapshot, "wrapping.differences", "c").at(0));
  };
  EXPECT_EQ(difference(), ": " + kLeastText);
  value = kLargest;
  EXPECT_EQ(difference(), ": -1");
}

TEST(WrappingSum, IsThatOfPointsWithTheSameLabels) {
  const auto counter = Meter("wrapping.labels").up_down_counter("c");
  counter.add(kLargest, {{"code", 1}});
  counter.add(1, {{"code", "1"}});
  MetricSnapshot snapshot;
  snapshot.metrics = {*find_metric(collect(), "wrapping.labels", "c")};
  EXPECT_EQ(prometheus_text(snapshot, {.scope_labels = false, .target_info = false}),
            "# TYPE c gauge\nc{code=\"1\"} " + kLeastText + "\n");
}

}  // namespace
}  // namespace waybill::internal
