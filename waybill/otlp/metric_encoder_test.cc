#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include <waybill/otlp/internal/request_json.h>
#include <waybill/otlp/internal/sample_span.h>
#include <waybill/otlp/metric_encoder.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::attributes_of;
using namespace std::chrono_literals;

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

std::vector<json> requests_of(const MetricSnapshot& snapshot, std::size_t most_bytes = kNoLimit) {
  std::vector<json> requests;
  encode_metrics(snapshot, most_bytes, [&](WireBuffer& request, std::size_t) {
    requests.push_back(test::json_of(OtlpSignal::kMetrics, request.view()));
  });
  return requests;
}

json encoded(const MetricData& metric) {
  const auto requests = requests_of({.resource = {.service_name = "fetcher"}, .metrics = {metric}});
  EXPECT_EQ(requests.size(), 1U);
  return requests.at(0).at("/resourceMetrics/0/scopeMetrics/0/metrics/0"_json_pointer);
}

template <class Point>
Point at(std::vector<OwnedAttribute> attributes = {}) {
  Point point;
  point.attributes = std::move(attributes);
  point.start = test::kStart;
  point.time = test::kStart + 10s;
  return point;
}

NumberPoint number(MetricNumber value, std::vector<OwnedAttribute> attributes = {}) {
  auto point = at<NumberPoint>(std::move(attributes));
  point.value = value;
  return point;
}

TEST(MetricEncoder, WritesCounters) {
  const MetricData metric{
      .name = "requests",
      .unit = "{request}",
      .description = "How many",
      .kind = MetricKind::kCounter,
      .scope = {},
      .points = std::vector{number(std::int64_t{-7}, {{"code", std::int64_t{200}}})}};
  EXPECT_EQ(encoded(metric),
            json({{"name", "requests"},
                  {"unit", "{request}"},
                  {"description", "How many"},
                  {"sum",
                   {{"dataPoints",
                     {{{"attributes", {{{"key", "code"}, {"value", {{"intValue", "200"}}}}}},
                       {"startTimeUnixNano", "1795219081000042000"},
                       {"timeUnixNano", "1795219091000042000"},
                       {"asInt", "-7"}}}},
                    {"aggregationTemporality", 2},
                    {"isMonotonic", true}}}}));
}

TEST(MetricEncoder, WritesTheTemporality) {
  MetricData metric{.name = "m",
                    .unit = {},
                    .description = {},
                    .kind = MetricKind::kUpDownCounter,
                    .temporality = Temporality::kDelta,
                    .scope = {},
                    .points = std::vector{number(0.0)}};
  const json sum = encoded(metric).at("sum");
  EXPECT_EQ(sum.at("aggregationTemporality"), 1);
  EXPECT_FALSE(sum.contains("isMonotonic"));
  EXPECT_EQ(sum.at("dataPoints").at(0).at("asDouble"), 0.0) << "zero is a value, too";
  metric.points = std::vector{at<HistogramPoint>()};
  EXPECT_EQ(encoded(metric).at("histogram").at("aggregationTemporality"), 1);
  metric.points = std::vector{at<ExponentialHistogramPoint>()};
  EXPECT_EQ(encoded(metric).at("exponentialHistogram").at("aggregationTemporality"), 1);
}

TEST(MetricEncoder, WritesGauges) {
  NumberPoint point = number(0.5);
  point.start = {};
  const json gauge = encoded({.name = "g",
                              .unit = {},
                              .description = {},
                              .kind = MetricKind::kGauge,
                              .scope = {},
                              .points = std::vector{point}})
                         .at("gauge");
  EXPECT_EQ(gauge,
            json({{"dataPoints", {{{"timeUnixNano", "1795219091000042000"}, {"asDouble", 0.5}}}}}));
}

TEST(MetricEncoder, WritesHistograms) {
  auto point = at<HistogramPoint>();
  point.count = 3;
  point.sum = 6.5;
  point.min = -0.5;
  point.max = 4;
  point.bounds = {0, 2.5};
  point.buckets = {1, 0, 2};
  const MetricData metric{.name = "h",
                          .unit = {},
                          .description = {},
                          .kind = MetricKind::kHistogram,
                          .scope = {},
                          .points = std::vector{point, at<HistogramPoint>()}};
  const json points = encoded(metric).at("histogram").at("dataPoints");
  EXPECT_EQ(points.at(0), json({{"startTimeUnixNano", "1795219081000042000"},
                                {"timeUnixNano", "1795219091000042000"},
                                {"count", "3"},
                                {"sum", 6.5},
                                {"min", -0.5},
                                {"max", 4.0},
                                {"explicitBounds", {0.0, 2.5}},
                                {"bucketCounts", {"1", "0", "2"}}}));
  EXPECT_EQ(points.at(1).at("count"), "0");
  EXPECT_FALSE(points.at(1).contains("min")) << "there is no least of nothing";
  EXPECT_FALSE(points.at(1).contains("max"));
}

TEST(MetricEncoder, WritesExponentialHistograms) {
  auto point = at<ExponentialHistogramPoint>();
  point.count = 9;
  point.sum = 1.5;
  point.min = -2;
  point.max = 3;
  point.scale = -4;
  point.zero_count = 2;
  point.zero_threshold = 0.25;
  point.positive = {.offset = -3, .buckets = {1, 0, 300}};
  const json it = encoded({.name = "e",
                           .unit = {},
                           .description = {},
                           .kind = MetricKind::kExponentialHistogram,
                           .scope = {},
                           .points = std::vector{point}})
                      .at("/exponentialHistogram/dataPoints/0"_json_pointer);
  EXPECT_EQ(it, json({{"startTimeUnixNano", "1795219081000042000"},
                      {"timeUnixNano", "1795219091000042000"},
                      {"count", "9"},
                      {"sum", 1.5},
                      {"min", -2.0},
                      {"max", 3.0},
                      {"scale", -4},
                      {"zeroCount", "2"},
                      {"zeroThreshold", 0.25},
                      {"positive", {{"offset", -3}, {"bucketCounts", {"1", "0", "300"}}}}}));
}

TEST(MetricEncoder, WritesExemplarsWithTheirTrace) {
  NumberPoint point = number(std::int64_t{1});
  point.exemplars = {{.time = test::kStart,
                      .value = 0.5,
                      .trace_id = test::trace_id(),
                      .span_id = test::span_id(),
                      .attributes = {{"zip", std::string("98101")}}},
                     {.time = test::kStart,
                      .value = std::int64_t{2},
                      .trace_id = {},
                      .span_id = {},
                      .attributes = {}}};
  const json exemplars = encoded({.name = "c",
                                  .unit = {},
                                  .description = {},
                                  .kind = MetricKind::kCounter,
                                  .scope = {},
                                  .points = std::vector{point}})
                             .at("/sum/dataPoints/0/exemplars"_json_pointer);
  EXPECT_EQ(
      exemplars,
      json({{{"filteredAttributes", {{{"key", "zip"}, {"value", {{"stringValue", "98101"}}}}}},
             {"timeUnixNano", "1795219081000042000"},
             {"asDouble", 0.5},
             {"traceId", "4bf92f3577b34da6a3ce929d0e0e4736"},
             {"spanId", "00f067aa0ba902b7"}},
            {{"timeUnixNano", "1795219081000042000"}, {"asInt", "2"}}}));
}

TEST(MetricEncoder, AttributesHaveEveryType) {
  const NumberPoint point = number(0.0, {{"s", std::string("t\xff")},
                                         {"b", true},
                                         {"d", 0.5},
                                         {"", std::string("no key")},
                                         {"ss", std::vector<std::string>{"a", "\xff"}},
                                         {"is", std::vector<std::int64_t>{1, -1}},
                                         {"ds", std::vector<double>{}},
                                         {"bs", std::vector<bool>{true, false}}});
  const json attributes = attributes_of(
      encoded(
          {.name = "m", .unit = {}, .description = {}, .scope = {}, .points = std::vector{point}})
          .at("/gauge/dataPoints/0"_json_pointer));
  EXPECT_EQ(
      attributes,
      json({{"s", {{"stringValue", "t\xef\xbf\xbd"}}},
            {"b", {{"boolValue", true}}},
            {"d", {{"doubleValue", 0.5}}},
            {"ss",
             {{"arrayValue",
               {{"values", {{{"stringValue", "a"}}, {{"stringValue", "\xef\xbf\xbd"}}}}}}}},
            {"is", {{"arrayValue", {{"values", {{{"intValue", "1"}}, {{"intValue", "-1"}}}}}}}},
            {"ds", {{"arrayValue", json::object()}}},
            {"bs",
             {{"arrayValue", {{"values", {{{"boolValue", true}}, {{"boolValue", false}}}}}}}}}));
}

TEST(MetricEncoder, GroupsMetricsByScope) {
  const auto metric = [](const char* name, const char* scope) {
    return MetricData{.name = name,
                      .unit = {},
                      .description = {},
                      .scope = {.name = scope, .version = {}},
                      .points = std::vector{number(1.0)}};
  };
  const auto requests =
      requests_of({.resource = {.service_name = "fetcher"},
                   .metrics = {metric("1", "a"), metric("2", "a"), metric("3", "b")}});
  ASSERT_EQ(requests.size(), 1U);
  const json& group = requests[0].at("/resourceMetrics/0"_json_pointer);
  EXPECT_EQ(attributes_of(group.at("resource")).at("service.name").at("stringValue"), "fetcher");
  ASSERT_EQ(group.at("scopeMetrics").size(), 2U);
  EXPECT_EQ(group.at("scopeMetrics").at(0).at("metrics").size(), 2U);
  EXPECT_EQ(group.at("scopeMetrics").at(1).at("scope").at("name"), "b");
}

TEST(MetricEncoder, ASnapshotWithoutPointsIsNoRequest) {
  EXPECT_TRUE(requests_of({}).empty());
  EXPECT_TRUE(requests_of({.resource = {},
                           .metrics = {{.name = "m",
                                        .unit = {},
                                        .description = {},
                                        .scope = {},
                                        .points = std::vector<NumberPoint>{}}}})
                  .empty());
}

TEST(MetricEncoder, DividesWhatIsTooLargeForARequest) {
  MetricSnapshot snapshot{.resource = {.service_name = "fetcher"}, .metrics = {}};
  constexpr std::int64_t kPoints = 100;
  for (const char* name : {"a", "b", "c"}) {
    std::vector<NumberPoint> points;
    for (std::int64_t i = 0; i < kPoints; ++i) points.push_back(number(i));
    snapshot.metrics.push_back(
        {.name = name, .unit = "1", .description = {}, .scope = {}, .points = points});
  }
  for (const std::size_t most : {1U, 200U, 1000U, 4000U, 1'000'000U}) {
    SCOPED_TRACE(most);
    std::vector<std::string> seen;
    std::size_t requests = 0;
    encode_metrics(snapshot, most, [&](WireBuffer& request, std::size_t points) {
      ++requests;
      if (points > 1) {
        EXPECT_LE(request.size(), most);
      }
      const json it = test::json_of(OtlpSignal::kMetrics, request.view());
      std::size_t found = 0;
      for (const json& metric : it.at("/resourceMetrics/0/scopeMetrics/0/metrics"_json_pointer)) {
        EXPECT_EQ(metric.at("unit"), "1");
        for (const json& point : metric.at("gauge").at("dataPoints")) {
          seen.push_back(metric.at("name").get<std::string>() +
                         point.at("asInt").get<std::string>());
          ++found;
        }
      }
      EXPECT_EQ(found, points);
    });
    std::vector<std::string> expected;
    for (const char* name : {"a", "b", "c"}) {
      for (std::int64_t i = 0; i < kPoints; ++i) expected.push_back(name + std::to_string(i));
    }
    EXPECT_EQ(seen, expected);
    if (most == 1) {
      EXPECT_EQ(requests, expected.size());
    }
    if (most == 1'000'000) {
      EXPECT_EQ(requests, 1U);
    }
  }
}

}  // namespace
}  // namespace waybill
