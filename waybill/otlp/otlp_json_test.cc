#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <protozero/pbf_writer.hpp>

#include <waybill/otlp/internal/request_json.h>
#include <waybill/otlp/internal/sample_span.h>
#include <waybill/otlp/log_encoder.h>
#include <waybill/otlp/otlp_json.h>
#include <waybill/otlp/span_encoder.h>

namespace waybill {
namespace {

using nlohmann::json;
using protozero::pbf_writer;
using test::SampleSpan;

std::string text_of(const SampleSpan& span) {
  SpanEncoder encoder;
  EXPECT_TRUE(encoder.add(span.ended()));
  std::string out;
  EXPECT_TRUE(append_otlp_json(out, OtlpSignal::kTraces, encoder.finish()));
  return out;
}

TEST(OtlpJson, IsOneLine) {
  EXPECT_EQ(
      text_of(SampleSpan{.name = "line\nbreak\xe2\x80\xa8"}.attribute("a", 1)),
      "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\","
      "\"value\":{\"stringValue\":\"fetcher\"}}]},\"scopeSpans\":[{\"scope\":{\"name\":\"lib\","
      "\"version\":\"1.2\"},\"spans\":[{\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\","
      "\"spanId\":\"00f067aa0ba902b7\",\"flags\":257,\"name\":\"line\\nbreak\\u2028\","
      "\"kind\":1,\"startTimeUnixNano\":\"1795219081000042000\","
      "\"endTimeUnixNano\":\"1795219081000043500\",\"attributes\":[{\"key\":\"a\","
      "\"value\":{\"intValue\":\"1\"}}]}]}]}]}");
}

TEST(OtlpJson, WritesNumbersAsProtobufsMappingHasThem) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::pair<AttributeValue, json> values[] = {
      {std::numeric_limits<std::int64_t>::min(), {{"intValue", "-9223372036854775808"}}},
      {0, {{"intValue", "0"}}},
      {0.1, {{"doubleValue", 0.1}}},
      {1e300, {{"doubleValue", 1e300}}},
      {std::numeric_limits<double>::denorm_min(), {{"doubleValue", 5e-324}}},
      {std::nan(""), {{"doubleValue", "NaN"}}},
      {infinity, {{"doubleValue", "Infinity"}}},
      {-infinity, {{"doubleValue", "-Infinity"}}},
      {false, {{"boolValue", false}}},
      {"", {{"stringValue", ""}}}};
  for (const auto& [value, expected] : values) {
    const json request = json::parse(text_of(SampleSpan{}.attribute("k", value)));
    EXPECT_EQ(request.at("/resourceSpans/0/scopeSpans/0/spans/0/attributes/0/value"_json_pointer),
              expected);
  }
}

TEST(OtlpJson, KeepsTheSignOfZero) {
  EXPECT_NE(text_of(SampleSpan{}.attribute("k", -0.0)).find("{\"doubleValue\":-0.0}"),
            std::string::npos);
}

TEST(OtlpJson, CollectsWhatIsRepeatedFromWhereverItIs) {
  SampleSpan span;
  span.attribute("a", 1).event("x").attribute("b", 2).event("y").dropped(12, 4);
  const json it =
      json::parse(text_of(span)).at("/resourceSpans/0/scopeSpans/0/spans/0"_json_pointer);
  EXPECT_EQ(it.at("attributes").size(), 2U);
  EXPECT_EQ(it.at("events").size(), 2U);
  EXPECT_EQ(it.at("droppedEventsCount"), 4);
}

TEST(OtlpJson, AnEmptyRequestIsAnEmptyObject) {
  for (const OtlpSignal signal : {OtlpSignal::kTraces, OtlpSignal::kMetrics, OtlpSignal::kLogs}) {
    EXPECT_EQ(test::json_of(signal, ""), json::object());
  }
}

TEST(OtlpJson, TheLastOfSeveralValuesCounts) {
  std::string request;
  {
    pbf_writer writer(request);
    pbf_writer group(writer, 1);
    group.add_string(3, "first");
    group.add_string(3, "last");
  }
  EXPECT_EQ(test::json_of(OtlpSignal::kLogs, request),
            json({{"resourceLogs", {{{"schemaUrl", "last"}}}}}));
}

TEST(OtlpJson, LeavesOutWhatItDoesNotKnow) {
  std::string request;
  {
    pbf_writer writer(request);
    pbf_writer group(writer, 1);
    group.add_string(1000, "of a later version");
    group.add_uint64(3, 7);  // known, but of another type
    group.add_uint64(2, 7);
    group.add_string(31, "x");
  }
  EXPECT_EQ(test::json_of(OtlpSignal::kTraces, request),
            json({{"resourceSpans", {json::object()}}}));
}

TEST(OtlpJson, ReadsNumbersPackedAndNot) {
  const auto bucket_counts = [](bool packed) {
    std::string request;
    {
      pbf_writer writer(request);
      pbf_writer resource(writer, 1);
      pbf_writer scope(resource, 2);
      pbf_writer metric(scope, 2);
      pbf_writer histogram(metric, 9);
      pbf_writer point(histogram, 1);
      const std::uint64_t counts[] = {1, 2};
      if (packed) {
        point.add_packed_fixed64(6, counts, counts + 2);
      } else {
        for (const std::uint64_t count : counts) point.add_fixed64(6, count);
      }
    }
    return test::json_of(OtlpSignal::kMetrics, request)
        .at("/resourceMetrics/0/scopeMetrics/0/metrics/0/histogram/dataPoints/0/bucketCounts"_json_pointer);
  };
  EXPECT_EQ(bucket_counts(true), json({"1", "2"}));
  EXPECT_EQ(bucket_counts(false), json({"1", "2"}));
}

TEST(OtlpJson, RefusesWhatIsNotProtobuf) {
  SpanEncoder encoder;
  ASSERT_TRUE(encoder.add(SampleSpan{}.attribute("k", "v").ended()));
  const std::string request(encoder.finish());
  for (std::size_t size = 1; size < request.size(); ++size) {
    std::string out = "before";
    EXPECT_FALSE(append_otlp_json(out, OtlpSignal::kTraces, request.substr(0, size))) << size;
    EXPECT_EQ(out, "before");
  }
}

TEST(OtlpJson, RefusesListsInListsWithoutEnd) {
  std::string value;
  const auto nested = [&value](int lists) {
    value.clear();
    pbf_writer(value).add_string(1, "innermost");
    for (int i = 0; i < lists; ++i) {
      std::string list;
      pbf_writer(list).add_message(1, value);
      value.clear();
      pbf_writer(value).add_message(5, list);
    }
    std::string request;
    pbf_writer writer(request);
    {
      pbf_writer resource(writer, 1);
      pbf_writer scope(resource, 2);
      pbf_writer record(scope, 2);
      record.add_message(5, value);
    }
    return request;
  };
  std::string out;
  EXPECT_TRUE(append_otlp_json(out, OtlpSignal::kLogs, nested(10)));
  EXPECT_FALSE(append_otlp_json(out, OtlpSignal::kLogs, nested(60)));
}

TEST(OtlpJsonEncoder, TakesRequestsInJson) {
  OtlpJsonEncoder<LogEncoder, OtlpSignal::kLogs> encoder({.source_location = false});
  WireBuffer request;
  for (const char* message : {"first", "second"}) {
    ASSERT_TRUE(encoder.add({.message = message}));
    EXPECT_EQ(encoder.count(), 1U);
    encoder.take(request);
    EXPECT_EQ(encoder.count(), 0U);
    EXPECT_EQ(json::parse(request.view())
                  .at("/resourceLogs/0/scopeLogs/0/logRecords/0/body/stringValue"_json_pointer),
              message);
  }
}

}  // namespace
}  // namespace waybill
