#include <limits>
#include <source_location>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <waybill/core/utf8.h>
#include <waybill/otlp/internal/request_json.h>
#include <waybill/otlp/internal/sample_span.h>
#include <waybill/otlp/log_encoder.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::attributes_of;

json request_of(LogEncoder& encoder) {
  return test::json_of(OtlpSignal::kLogs, encoder.finish());
}

json encoded(const LogRecord& record, const LogEncoderOptions& options = {}) {
  LogEncoder encoder(options);
  EXPECT_TRUE(encoder.add(record));
  return request_of(encoder).at("/resourceLogs/0/scopeLogs/0/logRecords/0"_json_pointer);
}

json text(const std::string& value) {
  return {{"stringValue", value}};
}

TEST(LogEncoder, WritesEveryFieldOfARecord) {
  const Field field{"zip", 98101};
  EXPECT_EQ(encoded({.time = test::kStart,
                     .level = Level::kWarn,
                     .message = "Fetched",
                     .trace_id = test::trace_id(),
                     .span_id = test::span_id(),
                     .flags = TraceFlags(3),
                     .call_fields = Fields(&field, 1)}),
            json({{"timeUnixNano", "1795219081000042000"},
                  {"observedTimeUnixNano", "1795219081000042000"},
                  {"severityNumber", 13},
                  {"severityText", "WARN"},
                  {"body", text("Fetched")},
                  {"attributes", {{{"key", "zip"}, {"value", {{"intValue", "98101"}}}}}},
                  {"flags", 3},
                  {"traceId", "4bf92f3577b34da6a3ce929d0e0e4736"},
                  {"spanId", "00f067aa0ba902b7"}}));
}

TEST(LogEncoder, WritesTheSeverityNumbersOfOpenTelemetry) {
  const std::pair<Level, int> severities[] = {{Level::kTrace, 1},  {Level::kDebug, 5},
                                              {Level::kInfo, 9},   {Level::kWarn, 13},
                                              {Level::kError, 17}, {Level::kFatal, 21}};
  for (const auto& [level, number] : severities) {
    const json record = encoded({.level = level});
    EXPECT_EQ(record.at("severityNumber"), number);
    EXPECT_EQ(record.at("severityText"), level_name(level));
  }
  EXPECT_FALSE(encoded({.level = Level::kOff}).contains("severityNumber"));
  EXPECT_FALSE(encoded({.level = Level::kOff}).contains("severityText"));
}

TEST(LogEncoder, LeavesOutWhatARecordDoesNotHave) {
  const json record = encoded({});
  for (const char* key : {"flags", "traceId", "spanId", "attributes"}) {
    EXPECT_FALSE(record.contains(key)) << key;
  }
  EXPECT_EQ(record.at("body"), text("")) << "an empty message is a message";
  EXPECT_FALSE(encoded({.trace_id = test::trace_id()}).contains("spanId"));
}

TEST(LogEncoder, LoggersAreScopes) {
  const Resource resource{.service_name = "fetcher", .attributes = {{"host.name", "h"}}};
  LogEncoder encoder;
  for (const char* logger : {"a", "a", "b", ""}) {
    ASSERT_TRUE(encoder.add({.logger = logger, .resource = resource}));
  }
  EXPECT_EQ(encoder.count(), 4U);
  const json request = request_of(encoder);
  ASSERT_EQ(request.at("resourceLogs").size(), 1U);
  const json& group = request.at("resourceLogs").at(0);
  EXPECT_EQ(attributes_of(group.at("resource")),
            json({{"service.name", text("fetcher")}, {"host.name", text("h")}}));
  ASSERT_EQ(group.at("scopeLogs").size(), 3U);
  EXPECT_EQ(group.at("scopeLogs").at(0).at("scope").at("name"), "a");
  EXPECT_EQ(group.at("scopeLogs").at(0).at("logRecords").size(), 2U);
  EXPECT_EQ(group.at("scopeLogs").at(2).at("scope"), json::object());
}

TEST(LogEncoder, AResourceIsComparedAgainAfterABatch) {
  Resource resource{.service_name = "a"};
  LogEncoder encoder;
  ASSERT_TRUE(encoder.add({.resource = resource}));
  encoder.end_of_batch();
  resource.service_name = "b";
  ASSERT_TRUE(encoder.add({.resource = resource}));
  EXPECT_EQ(request_of(encoder).at("resourceLogs").size(), 2U);
}

TEST(LogEncoder, TheNearestFieldCounts) {
  const Field context[] = {{"a", "context"}, {"b", "context"}, {"c", "context"}};
  const Field logger[] = {{"b", "logger"}, {"c", "logger"}};
  const Field call[] = {{"c", "call"}, {"", "no key"}};
  EXPECT_EQ(attributes_of(encoded({.context_fields = Fields(context, 3),
                                   .logger_fields = Fields(logger, 2),
                                   .call_fields = Fields(call, 2)})),
            json({{"a", text("context")}, {"b", text("logger")}, {"c", text("call")}}));
}

TEST(LogEncoder, WritesTheSourceLocationUnlessToldNotTo) {
  const LogRecord record{.where = std::source_location::current()};
  EXPECT_EQ(attributes_of(encoded(record)),
            json({{"code.file.path", text(record.where.file_name())},
                  {"code.line.number", {{"intValue", std::to_string(record.where.line())}}},
                  {"code.function.name", text(record.where.function_name())}}));
  EXPECT_EQ(attributes_of(encoded(record, {.source_location = false})), json::object());
}

TEST(LogEncoder, AFieldCannotPassForAnAttributeOfTheRecord) {
  const Field fields[] = {{"waybill.trace_name", 1},
                          {"field.waybill.trace_name", 2},
                          {"code.line.number", 3},
                          {"field.x", 4}};
  LogRecord record{.trace_id = test::trace_id(),
                   .trace_name = "batch-7",
                   .call_fields = Fields(fields, 4),
                   .where = std::source_location::current()};
  json attributes = attributes_of(encoded(record));
  EXPECT_EQ(attributes.at("waybill.trace_name"), text("batch-7"));
  EXPECT_EQ(attributes.at("field.waybill.trace_name").at("intValue"), "1");
  EXPECT_EQ(attributes.at("field.field.waybill.trace_name").at("intValue"), "2");
  EXPECT_EQ(attributes.at("field.code.line.number").at("intValue"), "3");
  EXPECT_EQ(attributes.at("field.x").at("intValue"), "4");
  record.trace_name = {};
  attributes = attributes_of(encoded(record, {.source_location = false}));
  EXPECT_EQ(attributes.at("waybill.trace_name").at("intValue"), "1");
  EXPECT_EQ(attributes.at("field.waybill.trace_name").at("intValue"), "2");
  EXPECT_EQ(attributes.at("code.line.number").at("intValue"), "3");
}

TEST(LogEncoder, MendsTextsThatAreNotUtf8) {
  const Field field{"k\xff", "v\xff"};
  LogEncoder encoder;
  ASSERT_TRUE(
      encoder.add({.logger = "l\xff", .message = "m\xff", .call_fields = Fields(&field, 1)}));
  EXPECT_EQ(encoder.finish().find('\xff'), std::string_view::npos);
  const json group = request_of(encoder).at("/resourceLogs/0/scopeLogs/0"_json_pointer);
  EXPECT_EQ(group.at("scope").at("name"), "l\xef\xbf\xbd");
  EXPECT_EQ(group.at("logRecords").at(0).at("body"), text("m\xef\xbf\xbd"));
  EXPECT_EQ(attributes_of(group.at("logRecords").at(0)).at("k\xef\xbf\xbd"), text("v\xef\xbf\xbd"));
}

TEST(LogEncoder, TakesRecordsOfAnySize) {
  for (const std::size_t size : {0, 127, 128, 129, 16'384, 3'000'000}) {
    const std::string long_text(size, 'x');
    const Field field{"k", long_text};
    const json record = encoded({.message = long_text, .call_fields = Fields(&field, 1)});
    EXPECT_EQ(record.at("body"), text(long_text));
    EXPECT_EQ(attributes_of(record).at("k"), text(long_text));
  }
}

TEST(LogEncoder, ARequestThatIsTakenLeavesNothingBehind) {
  LogEncoder encoder;
  ASSERT_TRUE(encoder.add({.message = "first"}));
  WireBuffer request;
  encoder.take(request);
  EXPECT_EQ(encoder.count(), 0U);
  EXPECT_EQ(encoder.size(), 0U);
  ASSERT_TRUE(encoder.add({.message = "second"}));
  encoder.take(request);
  const json it = test::json_of(OtlpSignal::kLogs, request.view());
  EXPECT_EQ(it.at("resourceLogs").size(), 1U);
  EXPECT_EQ(it.at("/resourceLogs/0/scopeLogs/0/logRecords/0/body"_json_pointer), text("second"));
}

}  // namespace
}  // namespace waybill
