#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/metrics/internal/openmetrics_parser.h>
#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/meter.h>
#include <waybill/metrics/prometheus.h>

namespace waybill {
namespace {

using internal::OpenMetrics;
using internal::OpenMetricsSample;
using internal::parse_openmetrics;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

// 2025-10-21T00:00:00Z.
const std::chrono::system_clock::time_point kTime{1761004800s};

template <class Point>
Point at(Point point, std::vector<OwnedAttribute> attributes = {}) {
  point.attributes = std::move(attributes);
  point.start = kTime;
  point.time = kTime + 10s;
  return point;
}
NumberPoint number(MetricNumber value, std::vector<OwnedAttribute> attributes = {}) {
  NumberPoint point;
  point.value = value;
  return at(point, std::move(attributes));
}

MetricData metric(std::string name, MetricKind kind, std::vector<NumberPoint> points) {
  MetricData data;
  data.name = std::move(name);
  data.kind = kind;
  data.description = "What it is.";
  data.points = std::move(points);
  return data;
}

Exemplar exemplar(double value, int id) {
  std::uint8_t trace[TraceId::kSize] = {};
  std::uint8_t span[SpanId::kSize] = {};
  trace[15] = span[7] = static_cast<std::uint8_t>(id);
  return {kTime + 1500ms, value, TraceId(trace), SpanId(span), {}};
}

// All that there is.
MetricSnapshot example() {
  MetricSnapshot snapshot;
  snapshot.resource = {"shop", {{"service.version", "1.0"}}};
  MetricData requests = metric("http.requests", MetricKind::kCounter,
                               {number(std::int64_t{5}, {{"http.route", "/a\"b\\c\nd"}})});
  std::get<std::vector<NumberPoint>>(requests.points)[0].exemplars = {exemplar(1, 1),
                                                                      exemplar(3, 2)};
  requests.unit = "{request}";
  requests.scope = {"checkout", "1.0"};
  MetricData duration;
  duration.name = "http.duration";
  duration.unit = "s";
  duration.description = "How long\nit takes.";
  duration.kind = MetricKind::kHistogram;
  HistogramPoint point;
  point.bounds = {0.1, 1};
  point.buckets = {2, 1, 1};
  point.count = 4;
  point.sum = 6.25;
  point.min = 0.05;
  point.max = 5;
  point.exemplars = {exemplar(0.05, 3), exemplar(0.07, 4), exemplar(5, 5)};
  duration.points = std::vector{at(point)};
  snapshot.metrics = {
      requests, duration,
      metric("queue.depth", MetricKind::kUpDownCounter, {number(std::int64_t{-2})}),
      metric("temperature", MetricKind::kGauge, {number(std::numeric_limits<double>::infinity())})};
  snapshot.metrics[3].unit = "Cel";
  return snapshot;
}

TEST(PrometheusText, LooksLikeThis) {
  EXPECT_EQ(prometheus_text(example()),
            R"(# HELP target_info Who is measured.
# TYPE target_info gauge
target_info{service_name="shop",service_version="1.0"} 1
# HELP http_requests_total What it is.
# TYPE http_requests_total counter
http_requests_total{http_route="/a\"b\\c\nd",otel_scope_name="checkout",otel_scope_version="1.0"} 5
# HELP http_duration_seconds How long\nit takes.
# TYPE http_duration_seconds histogram
http_duration_seconds_bucket{le="0.1"} 2
http_duration_seconds_bucket{le="1.0"} 3
http_duration_seconds_bucket{le="+Inf"} 4
http_duration_seconds_count 4
http_duration_seconds_sum 6.25
# HELP queue_depth What it is.
# TYPE queue_depth gauge
queue_depth -2
# HELP temperature_celsius What it is.
# TYPE temperature_celsius gauge
temperature_celsius +Inf
)");
}

TEST(OpenMetricsText, LooksLikeThis) {
  EXPECT_EQ(openmetrics_text(example()),
            R"(# HELP target Who is measured.
# TYPE target info
target_info{service_name="shop",service_version="1.0"} 1
# HELP http_requests What it is.
# TYPE http_requests counter
http_requests_total{http_route="/a\"b\\c\nd",otel_scope_name="checkout",otel_scope_version="1.0"} 5 # {trace_id="00000000000000000000000000000002",span_id="0000000000000002"} 3 1761004801.500
http_requests_created{http_route="/a\"b\\c\nd",otel_scope_name="checkout",otel_scope_version="1.0"} 1761004800.000
# HELP http_duration_seconds How long\nit takes.
# TYPE http_duration_seconds histogram
# UNIT http_duration_seconds seconds
http_duration_seconds_bucket{le="0.1"} 2 # {trace_id="00000000000000000000000000000004",span_id="0000000000000004"} 0.07 1761004801.500
http_duration_seconds_bucket{le="1.0"} 3
http_duration_seconds_bucket{le="+Inf"} 4 # {trace_id="00000000000000000000000000000005",span_id="0000000000000005"} 5 1761004801.500
http_duration_seconds_count 4
http_duration_seconds_sum 6.25
http_duration_seconds_created 1761004800.000
# HELP queue_depth What it is.
# TYPE queue_depth gauge
queue_depth -2
# HELP temperature_celsius What it is.
# TYPE temperature_celsius gauge
# UNIT temperature_celsius celsius
temperature_celsius +Inf
# EOF
)");
}

TEST(PrometheusText, LeavesOutWhatIsTurnedOff) {
  const std::string text =
      prometheus_text(example(), {.scope_labels = false, .target_info = false});
  EXPECT_THAT(text, Not(HasSubstr("otel_scope_name")));
  EXPECT_THAT(text, Not(HasSubstr("target_info")));
}

// promtool's status: 0, and 3 where it only dislikes names.
int promtool_status(const std::string& text) {
  char path[] = "/tmp/waybill-metrics-XXXXXX";
  const int file = mkstemp(path);
  if (file < 0) return -1;
  close(file);
  std::ofstream(path) << text;
  const std::string command = std::string("promtool check metrics < ").append(path);
  const int status = std::system(command.c_str());
  std::remove(path);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool has_promtool() {
  return std::system("promtool --version > /dev/null 2>&1") == 0;
}

// Everything that may go wrong with names, labels and values.
MetricSnapshot hostile() {
  MetricSnapshot snapshot = example();
  snapshot.resource.attributes.push_back({"a\"\n\\", "x\"\n\\\x01\xff"});
  // The same name, with another type; in OpenMetrics, also a counter's without its suffix.
  snapshot.metrics.push_back(metric("http_requests", MetricKind::kGauge, {number(1.0)}));
  snapshot.metrics.push_back(metric("queue_depth", MetricKind::kCounter, {number(1.0)}));
  snapshot.metrics.push_back(
      metric("http.duration.seconds.count", MetricKind::kGauge, {number(1.0)}));
  snapshot.metrics.push_back(metric("target.info", MetricKind::kGauge, {number(1.0)}));
  // Another scope, and labels that become the same.
  MetricData again = snapshot.metrics[0];
  again.scope.version = "2.0";
  snapshot.metrics.push_back(again);
  snapshot.metrics.push_back(
      metric("code", MetricKind::kCounter,
             {number(std::int64_t{1}, {{"code", std::int64_t{200}}}),
              number(std::int64_t{2}, {{"code", std::string("200")}}),
              number(0.5, {{"code", std::string("200")}, {"e", std::string()}})}));
  HistogramPoint point;
  point.bounds = {-1, 0};
  point.buckets = {1, 2, 3};
  point.count = 6;
  point.min = -5;
  MetricData negative = metric("negative", MetricKind::kHistogram, {});
  negative.points =
      std::vector{at(point, {{"le", std::string("mine")}}), at(point, {{"le", std::int64_t{2}}}),
                  at(point, {{"le", std::string("2")}})};
  snapshot.metrics.push_back(negative);
  MetricData delta = metric("delta", MetricKind::kCounter, {number(1.0)});
  delta.temporality = Temporality::kDelta;
  snapshot.metrics.push_back(delta);
  ExponentialHistogramPoint exponential;
  exponential.count = 9;
  exponential.scale = 20;
  exponential.zero_count = 2;
  exponential.positive = {5, {1, 0, 3}};
  exponential.negative = {-7, {3}};
  exponential.min = -1;
  MetricData exponentials = metric("exponential", MetricKind::kExponentialHistogram, {});
  exponentials.points = std::vector{at(exponential)};
  snapshot.metrics.push_back(exponentials);
  return snapshot;
}

TEST(PrometheusText, IsUnderstoodByPrometheus) {
  if (!has_promtool()) GTEST_SKIP() << "there is no promtool";
  EXPECT_EQ(promtool_status(prometheus_text(example())), 0);
  EXPECT_EQ(promtool_status(prometheus_text(hostile())), 0);
  EXPECT_EQ(promtool_status("a b c\n"), 1) << "it does check";
}

TEST(PrometheusText, MakesTheBestOfWhatIsHostile) {
  const std::string text = prometheus_text(hostile());
  EXPECT_THAT(text, HasSubstr("code_total{code=\"200\"} 3.5\n")) << "added up";
  EXPECT_THAT(text, HasSubstr("otel_scope_version=\"2.0\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("http_requests 1\n")) << "the name is free here";
  EXPECT_THAT(text, Not(HasSubstr("http_duration_seconds_count 1\n")));
  EXPECT_THAT(text, Not(HasSubstr("delta")));
  EXPECT_THAT(text, Not(HasSubstr("negative_sum")));
  EXPECT_THAT(text, HasSubstr("negative_bucket{exported_le=\"mine\",le=\"-1.0\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("negative_bucket{exported_le=\"2\",le=\"0.0\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("negative_count{exported_le=\"2\"} 12\n"));
}

TEST(OpenMetricsText, IsValid) {
  EXPECT_EQ(parse_openmetrics(openmetrics_text({})).error, "");
  EXPECT_EQ(parse_openmetrics(openmetrics_text(example())).error, "");
  const OpenMetrics parsed = parse_openmetrics(openmetrics_text(hostile()));
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.families.at("http_requests").type, "counter") << "the gauge came later";
  EXPECT_EQ(parsed.families.at("http_requests").samples.size(), 4U);
  EXPECT_EQ(parsed.families.at("target").samples.at(0).labels.at("a_"), "x\"\n\\\x01\xef\xbf\xbd");
}

TEST(OpenMetricsText, HasAttributesOfExemplarsAsFarAsThereIsRoom) {
  MetricSnapshot snapshot = example();
  auto& points = std::get<std::vector<NumberPoint>>(snapshot.metrics[0].points);
  points[0].exemplars[1].attributes = {{"user", std::string("u-7")},
                                       {"agent", std::string(100, 'x')}};
  const OpenMetrics parsed = parse_openmetrics(openmetrics_text(snapshot));
  ASSERT_EQ(parsed.error, "");
  const auto& labels = parsed.families.at("http_requests").samples.at(0).exemplar_labels;
  EXPECT_EQ(labels.size(), 3U);
  EXPECT_EQ(labels.at("user"), "u-7");
}

TEST(PrometheusText, HasExponentialHistogramsAsClassicOnes) {
  const auto histogram = Meter("prometheus.exponential").exponential_histogram("e");
  for (int i = 1; i <= 1'000; ++i) histogram.record(i);
  histogram.record(0);
  MetricSnapshot snapshot;
  snapshot.metrics = {*internal::find_metric(collect(), "prometheus.exponential", "e")};
  const OpenMetrics parsed = parse_openmetrics(openmetrics_text(snapshot));
  ASSERT_EQ(parsed.error, "");
  std::map<double, std::string> counts;
  for (const OpenMetricsSample& sample : parsed.families.at("e").samples) {
    if (sample.labels.contains("le")) counts[std::stod(sample.labels.at("le"))] = sample.value;
  }
  EXPECT_EQ(counts[0], "1");
  EXPECT_EQ(counts[1], "2");
  EXPECT_EQ(counts[64], "65");
  EXPECT_EQ(counts[512], "513");
  EXPECT_EQ(counts[1024], "1001");
  EXPECT_EQ(counts[std::numeric_limits<double>::infinity()], "1001");
  EXPECT_LE(counts.size(), 44U) << "four from one power of two to the next";
}

TEST(PrometheusExposition, AnswersInTheFormatThatIsAskedFor) {
  const auto counter = Meter("prometheus.answer").counter("answered");
  const Context context = Context::new_trace();
  {
    const Scope scope{context};
    counter.add(1);
  }
  const PrometheusResponse text = prometheus_exposition();
  EXPECT_EQ(text.status, 200);
  EXPECT_EQ(text.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(text.body, HasSubstr("answered_total{otel_scope_name=\"prometheus.answer\"} 1\n"));
  const PrometheusResponse open = prometheus_exposition("application/openmetrics-text");
  EXPECT_EQ(open.content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
  const OpenMetrics parsed = parse_openmetrics(open.body);
  ASSERT_EQ(parsed.error, "");
  const OpenMetricsSample& sample = parsed.families.at("answered").samples.at(0);
  ASSERT_TRUE(sample.has_exemplar);
  EXPECT_EQ(sample.exemplar_labels.at("trace_id"), context.trace_id().to_hex());
  EXPECT_EQ(sample.exemplar_labels.at("span_id"), context.span_id().to_hex());
}

}  // namespace
}  // namespace waybill
