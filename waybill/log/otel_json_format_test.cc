#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/log/internal/format_samples.h>
#include <waybill/log/otel_json_format.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::attributes_of;
using test::json_of;
using test::kTime;
using test::otel_record_of;
using test::traced;
using test::under;

TEST(OtelJsonFormat, WritesAnExportRequest) {
  const Resource resource{.service_name = "fetcher",
                          .attributes = {{"service.version", "1.4.0"}, {"service.name", "other"}}};
  const LogRecord record = under(traced(), {.time = kTime,
                                            .level = Level::kError,
                                            .logger = "weather",
                                            .message = "m",
                                            .resource = resource});
  const json line = json_of(otel_json_format(), record);
  const json& of_resource = line.at("resourceLogs").at(0);
  EXPECT_EQ(attributes_of(of_resource.at("resource").at("attributes")),
            json({{"service.name", {{"stringValue", "fetcher"}}},
                  {"service.version", {{"stringValue", "1.4.0"}}}}));
  EXPECT_EQ(of_resource.at("scopeLogs").at(0).at("scope"), json({{"name", "weather"}}));
  EXPECT_EQ(otel_record_of(line), json({{"timeUnixNano", "1795219081000042000"},
                                        {"observedTimeUnixNano", "1795219081000042000"},
                                        {"severityNumber", 17},
                                        {"severityText", "ERROR"},
                                        {"body", {{"stringValue", "m"}}},
                                        {"attributes", json::array()},
                                        {"flags", 1},
                                        {"traceId", "4bf92f3577b34da6a3ce929d0e0e4736"},
                                        {"spanId", "00f067aa0ba902b7"}}));
}

TEST(OtelJsonFormat, LeavesOutTheIdsWithoutATrace) {
  const json record = otel_record_of(json_of(otel_json_format(), {}));
  for (const char* key : {"flags", "traceId", "spanId"}) EXPECT_FALSE(record.contains(key)) << key;
}

TEST(OtelJsonFormat, AttributesHaveTheTypesOfOtlp) {
  const Field fields[] = {{"s", "x"},  {"i", std::numeric_limits<std::int64_t>::min()},
                          {"u", 7U},   {"big", std::numeric_limits<std::uint64_t>::max()},
                          {"d", 0.5},  {"nan", std::nan("")},
                          {"b", false}};
  const json record =
      otel_record_of(json_of(otel_json_format(), {.call_fields = Fields(fields, 7)}));
  EXPECT_EQ(attributes_of(record.at("attributes")),
            json({{"s", {{"stringValue", "x"}}},
                  {"i", {{"intValue", "-9223372036854775808"}}},
                  {"u", {{"intValue", "7"}}},
                  {"big", {{"stringValue", "18446744073709551615"}}},
                  {"d", {{"doubleValue", 0.5}}},
                  {"nan", {{"doubleValue", "NaN"}}},
                  {"b", {{"boolValue", false}}}}));
}

TEST(OtelJsonFormat, AttributesOfItsOwnAreNotRepeated) {
  const Context named = Context::new_trace({.name = "batch-7"})
                            .with({{"waybill.trace_name", "mine"},
                                   {"trace_name", "also mine"},
                                   {"code.line.number", 1},
                                   {"", "lost"}});
  const LogRecord record = under(named, {.where = std::source_location::current()});
  const json line = json_of(otel_json_format({.source_location = true}), record);
  EXPECT_EQ(attributes_of(otel_record_of(line).at("attributes")),
            json({{"waybill.trace_name", {{"stringValue", "batch-7"}}},
                  {"code.file.path", {{"stringValue", record.where.file_name()}}},
                  {"code.line.number", {{"intValue", std::to_string(record.where.line())}}},
                  {"code.function.name", {{"stringValue", record.where.function_name()}}},
                  {"field.waybill.trace_name", {{"stringValue", "mine"}}},
                  {"trace_name", {{"stringValue", "also mine"}}},
                  {"field.code.line.number", {{"intValue", "1"}}}}));
}

TEST(OtelJsonFormat, RenamesAttributesOnly) {
  const Field field{"zip", 1};
  const auto format = otel_json_format({.rename = {{"zip", "postcode"}, {"traceId", "x"}}});
  const json record =
      otel_record_of(json_of(format, under(traced(), {.call_fields = Fields(&field, 1)})));
  EXPECT_TRUE(attributes_of(record.at("attributes")).contains("postcode"));
  EXPECT_TRUE(record.contains("traceId"));
}

}  // namespace
}  // namespace waybill
