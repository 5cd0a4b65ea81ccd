#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/metrics/internal/openmetrics_parser.h>
#include <waybill/metrics/metric_data.h>
#include <waybill/metrics/prometheus.h>

namespace waybill::internal {
namespace {

HistogramPoint classic(std::vector<double> bounds, std::vector<std::uint64_t> buckets) {
  HistogramPoint point;
  point.bounds = std::move(bounds);
  point.buckets = std::move(buckets);
  for (const std::uint64_t count : point.buckets) point.count += count;
  point.sum = static_cast<double>(point.count);
  return point;
}

ExponentialHistogramPoint exponential(std::int32_t scale, std::int32_t offset,
                                      std::vector<std::uint64_t> buckets) {
  ExponentialHistogramPoint point;
  point.scale = scale;
  point.positive = {offset, std::move(buckets)};
  for (const std::uint64_t count : point.positive.buckets) point.count += count;
  point.sum = static_cast<double>(point.count);
  point.min = 1;
  return point;
}

template <class Point>
MetricData metric_of(std::vector<Point> points) {
  MetricData metric;
  metric.name = "h";
  metric.kind = std::is_same_v<Point, HistogramPoint> ? MetricKind::kHistogram
                                                      : MetricKind::kExponentialHistogram;
  metric.points = std::move(points);
  return metric;
}

// All of them have the same labels.
std::string text_of(std::vector<MetricData> metrics) {
  MetricSnapshot snapshot;
  snapshot.metrics = std::move(metrics);
  EXPECT_EQ(parse_openmetrics(openmetrics_text(snapshot)).error, "");
  return prometheus_text(snapshot, {.target_info = false});
}

TEST(HistogramsWithTheSameLabels, HaveTheBoundsThatAllOfThemHave) {
  EXPECT_EQ(text_of({metric_of(std::vector{classic({1, 2, 5}, {1, 2, 3, 4}),
                                           classic({2, 3, 5}, {10, 20, 30, 40})})}),
            R"(# TYPE h histogram
h_bucket{le="2.0"} 13
h_bucket{le="5.0"} 66
h_bucket{le="+Inf"} 110
h_count 110
h_sum 110
)");
}

TEST(HistogramsWithTheSameLabels, MayHaveNoBoundsInCommon) {
  EXPECT_EQ(text_of({metric_of(
                std::vector{classic({1}, {1, 2}), classic({2}, {3, 4}), classic({1}, {5, 6})})}),
            R"(# TYPE h histogram
h_bucket{le="+Inf"} 21
h_count 21
h_sum 21
)");
}

// The ranges of exponential histograms are those of their values.
TEST(HistogramsWithTheSameLabels, MayHaveDifferentRanges) {
  EXPECT_EQ(text_of({metric_of(std::vector{exponential(0, 0, {1, 2}), exponential(0, 2, {3}),
                                           exponential(0, -1, {4})})}),
            R"(# TYPE h histogram
h_bucket{le="1.0"} 4
h_bucket{le="2.0"} 5
h_bucket{le="4.0"} 7
h_bucket{le="8.0"} 10
h_bucket{le="+Inf"} 10
h_count 10
h_sum 10
)");
}

TEST(HistogramsWithTheSameLabels, HaveTheLowestOfTheirScales) {
  EXPECT_EQ(text_of({metric_of(std::vector{exponential(1, 0, {1, 1}), exponential(0, 0, {5, 7}),
                                           exponential(20, 1 << 20, {1})})}),
            R"(# TYPE h histogram
h_bucket{le="2.0"} 7
h_bucket{le="4.0"} 15
h_bucket{le="+Inf"} 15
h_count 15
h_sum 15
)");
}

TEST(HistogramsWithTheSameLabels, MayBeOfBothKinds) {
  const auto first = metric_of(std::vector{exponential(0, 0, {1, 2, 3})});
  const auto second = metric_of(std::vector{classic({3, 4, 10}, {1, 2, 3, 4})});
  const std::string expected = R"(# TYPE h histogram
h_bucket{le="4.0"} 6
h_bucket{le="+Inf"} 16
h_count 16
h_sum 16
)";
  EXPECT_EQ(text_of({first, second}), expected);
  EXPECT_EQ(text_of({second, first}), expected);
}

}  // namespace
}  // namespace waybill::internal
