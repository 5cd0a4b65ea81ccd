#include <cstdlib>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/error.h>
#include <waybill/metrics/meter.h>
#include <waybill/metrics/metering.h>
#include <waybill/otlp/internal/exporters_fixture.h>

namespace waybill {
namespace {

using namespace std::chrono_literals;
using internal::ExportersTest;
using internal::spans_in;
using testing::HasSubstr;

TEST_F(ExportersTest, SpansArriveWhenFlushed) {
  trace_to(otlp_span_exporter(options()));
  for (int i = 0; i < 3; ++i) auto span = waybill::span("fetch", {{"attempt", i}});
  EXPECT_TRUE(collector_.requests().empty());
  EXPECT_TRUE(flush(30s));
  const auto requests = collector_.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].path, "/v1/traces");
  EXPECT_EQ(requests[0].headers.at("content-type"), "application/x-protobuf");
  EXPECT_EQ(spans_in(requests[0].body), 3U);
}

TEST_F(ExportersTest, SpansArriveInJson) {
  trace_to(otlp_span_exporter(options(OtlpProtocol::kHttpJson)));
  { auto span = waybill::span("fetch"); }
  EXPECT_TRUE(flush(30s));
  const auto request = collector_.requests().at(0);
  EXPECT_EQ(request.headers.at("content-type"), "application/json");
  const auto json = nlohmann::json::parse(request.body);
  EXPECT_EQ(json["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["name"], "fetch");
}

TEST_F(ExportersTest, SpansArriveAtZipkin) {
  trace_to(zipkin_span_exporter(collector_.url("/api/v2/spans")));
  { auto span = waybill::span("fetch"); }
  EXPECT_TRUE(flush(30s));
  const auto request = collector_.requests().at(0);
  EXPECT_EQ(request.path, "/api/v2/spans");
  EXPECT_EQ(request.headers.at("content-type"), "application/json");
  EXPECT_EQ(nlohmann::json::parse(request.body)[0]["name"], "fetch");
}

TEST_F(ExportersTest, LogRecordsArriveWhenFlushed) {
  for (const OtlpProtocol protocol : {OtlpProtocol::kHttpProtobuf, OtlpProtocol::kHttpJson}) {
    configure_logging(
        {.service = "weather", .outputs = {{.records = otlp_log_sink(options(protocol))}}});
    waybill::logger("test").info("hello {}", 42);
    EXPECT_TRUE(flush(30s));
    const auto request = collector_.requests().back();
    EXPECT_EQ(request.path, "/v1/logs");
    EXPECT_THAT(request.body, HasSubstr("hello 42"));
  }
  EXPECT_EQ(collector_.requests().size(), 2U);
}

TEST_F(ExportersTest, MetricsArriveWhenFlushed) {
  MetricSnapshot snapshot;
  snapshot.metrics.emplace_back();
  snapshot.metrics[0].name = "temperature";
  NumberPoint point;
  point.value = std::int64_t{21};
  snapshot.metrics[0].points = std::vector<NumberPoint>{point, point};
  for (const OtlpProtocol protocol : {OtlpProtocol::kHttpProtobuf, OtlpProtocol::kHttpJson}) {
    const auto before = otlp_metrics().metrics.exported;
    const auto exporter = otlp_metric_exporter(options(protocol));
    EXPECT_TRUE(exporter->export_metrics(snapshot));
    EXPECT_TRUE(flush(30s));
    const auto request = collector_.requests().back();
    EXPECT_EQ(request.path, "/v1/metrics");
    EXPECT_THAT(request.body, HasSubstr("temperature"));
    EXPECT_EQ(otlp_metrics().metrics.exported - before, 2U);
  }
}

TEST_F(ExportersTest, MetricsPreferTheTemporalityThatIsSet) {
  const auto preferred = [&](std::optional<OtlpTemporality> temporality, MetricKind kind,
                             bool observable = false) {
    OtlpOptions with = options();
    with.temporality = temporality;
    return otlp_metric_exporter(with)->preferred(kind, observable);
  };
  for (const MetricKind kind :
       {MetricKind::kCounter, MetricKind::kHistogram, MetricKind::kExponentialHistogram}) {
    EXPECT_EQ(preferred(std::nullopt, kind), Temporality::kCumulative);
    EXPECT_EQ(preferred(OtlpTemporality::kCumulative, kind), Temporality::kCumulative);
    EXPECT_EQ(preferred(OtlpTemporality::kDelta, kind), Temporality::kDelta);
    EXPECT_EQ(preferred(OtlpTemporality::kLowMemory, kind), Temporality::kDelta);
  }
  for (const bool observable : {false, true}) {
    for (const OtlpTemporality temporality :
         {OtlpTemporality::kCumulative, OtlpTemporality::kDelta, OtlpTemporality::kLowMemory}) {
      EXPECT_EQ(preferred(temporality, MetricKind::kUpDownCounter, observable),
                Temporality::kCumulative);
    }
  }
  const auto observable_counter = [&](OtlpTemporality temporality) {
    return preferred(temporality, MetricKind::kCounter, true);
  };
  EXPECT_EQ(observable_counter(OtlpTemporality::kCumulative), Temporality::kCumulative);
  EXPECT_EQ(observable_counter(OtlpTemporality::kDelta), Temporality::kDelta);
  EXPECT_EQ(observable_counter(OtlpTemporality::kLowMemory), Temporality::kCumulative);
}

TEST_F(ExportersTest, LowMemoryTellsWhatCallbacksSayAsItStands) {
  OtlpOptions with = options(OtlpProtocol::kHttpJson);
  with.temporality = OtlpTemporality::kLowMemory;
  const Meter meter("low_memory");
  const auto counter = meter.counter("counted");
  const auto observed =
      meter.observable_counter("observed", {}, [](Observer& observer) { observer.observe(1); });
  configure_metrics({.exporters = {otlp_metric_exporter(with)}, .interval = 24h});
  counter.add(1);
  EXPECT_TRUE(flush(30s));
  configure_metrics({});
  const auto request = nlohmann::json::parse(collector_.requests().at(0).body);
  std::map<std::string, int> temporalities;
  for (const auto& scope : request.at("/resourceMetrics/0/scopeMetrics"_json_pointer)) {
    if (scope.at("/scope/name"_json_pointer) != "low_memory") continue;
    for (const auto& metric : scope.at("metrics")) {
      temporalities[metric.at("name")] = metric.at("/sum/aggregationTemporality"_json_pointer);
    }
  }
  EXPECT_EQ(temporalities, (std::map<std::string, int>{{"counted", 1}, {"observed", 2}}));
}

TEST_F(ExportersTest, MetricsPreferTheHistogramsThatAreSet) {
  constexpr const char* kVariable = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
  OtlpOptions with = options();
  EXPECT_FALSE(otlp_metric_exporter(with)->prefers_exponential_histograms());
  with.histogram_aggregation = OtlpHistogramAggregation::kBase2Exponential;
  EXPECT_TRUE(otlp_metric_exporter(with)->prefers_exponential_histograms());

  setenv(kVariable, "base2_exponential_bucket_histogram", 1);
  OtlpOptions of_environment = options();
  of_environment.environment = true;
  const auto exporter = otlp_metric_exporter(of_environment);
  unsetenv(kVariable);
  EXPECT_TRUE(exporter->prefers_exponential_histograms());
}

TEST_F(ExportersTest, FlushWaitsForTheMetricsThatItHasExported) {
  configure_metrics({.exporters = {otlp_metric_exporter(options())}, .interval = 24h});
  Meter("exporters.flush").counter("c").add(1);
  EXPECT_TRUE(flush(30s));
  EXPECT_EQ(collector_.requests().size(), 1U);
  configure_metrics({});
}

TEST_F(ExportersTest, ABatchIsSentWhenItIsFull) {
  OtlpOptions small = options();
  small.batching.records = 10;
  trace_to(otlp_span_exporter(small));
  for (int i = 0; i < 25; ++i) auto span = waybill::span("fetch");
  ASSERT_TRUE(collector_.wait_for_requests(2));
  EXPECT_TRUE(flush(30s));
  const auto requests = collector_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(spans_in(requests[0].body), 10U);
  EXPECT_EQ(spans_in(requests[1].body), 10U);
  EXPECT_EQ(spans_in(requests[2].body), 5U);
}

TEST_F(ExportersTest, ABatchIsSentWhenItIsLarge) {
  OtlpOptions small = options();
  small.batching.bytes = 10'000;
  trace_to(otlp_span_exporter(small));
  const std::string text(3'000, 'x');
  for (int i = 0; i < 4; ++i) auto span = waybill::span("fetch", {{"text", text}});
  ASSERT_TRUE(collector_.wait_for_requests(1));
  EXPECT_EQ(spans_in(collector_.requests()[0].body), 4U);
}

TEST_F(ExportersTest, ABatchIsSentWhenItsTimeIsOver) {
  OtlpOptions quick = options();
  quick.batching.delay = 1ms;
  trace_to(otlp_span_exporter(quick));
  configure_logging({.outputs = {{.records = otlp_log_sink(quick)}}});
  { auto span = waybill::span("fetch"); }
  waybill::logger("test").info("hello");
  EXPECT_TRUE(collector_.wait_for_requests(2));
}

TEST_F(ExportersTest, WhatAReplacedExporterHasIsDelivered) {
  trace_to(otlp_span_exporter(options()));
  { auto span = waybill::span("fetch"); }
  configure_tracing({});
  EXPECT_TRUE(collector_.wait_for_requests(1));
}

TEST_F(ExportersTest, SaysWhatItTakesToUseGrpc) {
  try {
    otlp_span_exporter(options(OtlpProtocol::kGrpc));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("otlp_grpc"));
  }
}

}  // namespace
}  // namespace waybill
