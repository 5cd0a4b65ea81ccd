#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/core/scope.h>
#include <waybill/log/log.h>
#include <waybill/otlp/internal/limited_sink.h>
#include <waybill/otlp/internal/sample_span.h>
#include <waybill/otlp/json_lines_exporter.h>
#include <waybill/pipeline/self_metrics.h>
#include <waybill/trace/trace.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::LimitedSink;
using test::SampleSpan;

class JsonLinesExporterTest : public testing::Test {
 protected:
  std::vector<json> lines() const {
    std::vector<json> all;
    for (const std::string& line : sink_->lines()) all.push_back(json::parse(line));
    return all;
  }
  std::size_t spans_in(const json& line) const {
    return line.at("/resourceSpans/0/scopeSpans/0/spans"_json_pointer).size();
  }

  std::shared_ptr<LimitedSink> sink_ = std::make_shared<LimitedSink>();
};

TEST_F(JsonLinesExporterTest, SpansOfABatchAreALine) {
  const auto exporter = json_lines_span_exporter(sink_);
  for (int i = 0; i < 3; ++i) exporter->consume(SampleSpan{}.ended());
  EXPECT_TRUE(lines().empty());
  exporter->end_of_batch(false);
  exporter->end_of_batch(false);
  exporter->consume(SampleSpan{.name = "next"}.ended());
  exporter->end_of_batch(false);
  ASSERT_EQ(lines().size(), 2U);
  EXPECT_EQ(spans_in(lines()[0]), 3U);
  EXPECT_EQ(lines()[1].at("/resourceSpans/0/scopeSpans/0/spans/0/name"_json_pointer), "next");
  EXPECT_EQ(exporter->name(), "OTLP/JSON to memory");
}

TEST_F(JsonLinesExporterTest, ALargeBatchIsSeveralLines) {
  const auto exporter = json_lines_span_exporter(sink_);
  for (int i = 0; i < 1'100; ++i) exporter->consume(SampleSpan{}.ended());
  exporter->end_of_batch(false);
  ASSERT_EQ(lines().size(), 3U);
  EXPECT_EQ(spans_in(lines()[0]), 512U);
  EXPECT_EQ(spans_in(lines()[2]), 76U);
}

TEST_F(JsonLinesExporterTest, WhatIsLeftIsWrittenAtTheEnd) {
  json_lines_span_exporter(sink_)->consume(SampleSpan{}.ended());
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(JsonLinesExporterTest, ASpanThatCannotBeWrittenIsCounted) {
  const std::uint64_t before = self_metrics().dropped.sink;
  json_lines_span_exporter(sink_)->consume(SampleSpan{.encoded = "\xff"}.ended());
  EXPECT_EQ(self_metrics().dropped.sink, before + 1);
}

TEST_F(JsonLinesExporterTest, FlushingDoesNotSpareASinkThatHasFailed) {
  const auto exporter = json_lines_span_exporter(sink_);
  sink_->takes = 0;
  sink_->error = std::make_error_code(std::errc::io_error);
  exporter->consume(SampleSpan{}.ended());
  exporter->end_of_batch(false);
  const int calls = sink_->calls;
  exporter->end_of_batch(false);
  EXPECT_EQ(sink_->calls, calls);
  exporter->end_of_batch(true);
  EXPECT_EQ(sink_->calls, calls + 1);
}

TEST_F(JsonLinesExporterTest, TheChildOfAForkLeavesWhatIsTheParents) {
  const auto exporter = json_lines_span_exporter(sink_);
  sink_->takes = 0;
  exporter->consume(SampleSpan{.name = "kept"}.ended());
  exporter->end_of_batch(false);
  exporter->consume(SampleSpan{.name = "collected"}.ended());
  const pid_t child = fork();
  if (child == 0) {
    sink_->takes = LimitedSink::kEverything;
    exporter->consume(SampleSpan{.name = "childs"}.ended());
    exporter->end_of_batch(false);
    const bool right = lines().size() == 1 && sink_->text.find("childs") != std::string::npos;
    _exit(right ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  sink_->takes = LimitedSink::kEverything;
  exporter->end_of_batch(false);
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(JsonLinesExporterTest, WritesMetrics) {
  const auto exporter = json_lines_metric_exporter(sink_);
  NumberPoint point;
  point.value = std::int64_t{7};
  MetricSnapshot snapshot{.resource = {.service_name = "fetcher"}, .metrics = {}};
  EXPECT_TRUE(exporter->export_metrics(snapshot));
  EXPECT_TRUE(lines().empty()) << "there is nothing to say";
  snapshot.metrics = {
      {.name = "m", .unit = {}, .description = {}, .scope = {}, .points = std::vector{point}}};
  EXPECT_TRUE(exporter->export_metrics(snapshot));
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_EQ(lines()[0].at("/resourceMetrics/0/scopeMetrics/0/metrics/0/name"_json_pointer), "m");
  sink_->takes = 0;
  sink_->error = std::make_error_code(std::errc::io_error);
  EXPECT_FALSE(exporter->export_metrics(snapshot));
  sink_->takes = LimitedSink::kEverything;
  sink_->error = {};
  EXPECT_TRUE(exporter->export_metrics(snapshot));
  EXPECT_EQ(lines().size(), 3U);
}

TEST_F(JsonLinesExporterTest, TakesWhatTheProgramSays) {
  const auto of_logs = std::make_shared<LimitedSink>();
  configure_tracing({.service = "fetcher", .exporters = {json_lines_span_exporter(sink_)}});
  configure_logging({.service = "fetcher", .outputs = {{.records = json_lines_log_sink(of_logs)}}});
  std::string trace_id;
  {
    const Scope scope{Context::new_trace().with({{"job_id", "J-1"}})};
    const auto span = waybill::span("fetch weather", {{"zip", "98101"}});
    trace_id = Context::current().trace_id().to_hex();
    logger("weather").info("Fetching weather");
  }
  flush();
  configure_tracing({});
  configure_logging({});
  ASSERT_EQ(lines().size(), 1U);
  const json span = lines()[0].at("/resourceSpans/0/scopeSpans/0/spans/0"_json_pointer);
  EXPECT_EQ(span.at("name"), "fetch weather");
  EXPECT_EQ(span.at("traceId"), trace_id);
  EXPECT_EQ(span.at("attributes").size(), 2U);
  ASSERT_EQ(of_logs->lines().size(), 1U);
  const json record =
      json::parse(of_logs->lines()[0]).at("/resourceLogs/0/scopeLogs/0/logRecords/0"_json_pointer);
  EXPECT_EQ(record.at("/body/stringValue"_json_pointer), "Fetching weather");
  EXPECT_EQ(record.at("traceId"), trace_id);
  EXPECT_EQ(record.at("spanId"), span.at("spanId"));
}

TEST(JsonLinesExporter, WantsASink) {
  EXPECT_THROW(json_lines_span_exporter(nullptr), Error);
  EXPECT_THROW(json_lines_log_sink(nullptr), Error);
  EXPECT_THROW(json_lines_metric_exporter(nullptr), Error);
}

}  // namespace
}  // namespace waybill
