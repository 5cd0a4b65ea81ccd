#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/log/datadog_format.h>
#include <waybill/log/internal/format_samples.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::json_of;
using test::kTime;
using test::line_of;
using test::traced;
using test::under;

TEST(DatadogFormat, WritesTheStandardAttributes) {
  const Field field{"zip", 98101};
  const Resource resource{
      .service_name = "fetcher",
      .attributes = {{"service.version", "1.4.0"}, {"deployment.environment.name", "production"}}};
  const LogRecord record = under(traced(), {.time = kTime,
                                            .logger = "weather",
                                            .message = "m",
                                            .call_fields = Fields(&field, 1),
                                            .resource = resource});
  EXPECT_EQ(line_of(datadog_format(), record),
            "{\"timestamp\":\"2026-11-20T23:58:01.000042Z\",\"status\":\"info\",\"message\":\"m\","
            "\"service\":\"fetcher\",\"dd.service\":\"fetcher\",\"dd.env\":\"production\","
            "\"dd.version\":\"1.4.0\",\"logger.name\":\"weather\","
            "\"dd.trace_id\":\"11803532876627986230\",\"dd.span_id\":\"67667974448284343\","
            "\"zip\":98101}");
}

TEST(DatadogFormat, KnowsTheOldNameOfTheEnvironment) {
  const Resource resource{.attributes = {{"deployment.environment", "staging"}}};
  EXPECT_EQ(json_of(datadog_format(), {.resource = resource}).at("dd.env"), "staging");
}

TEST(DatadogFormat, FatalIsCritical) {
  EXPECT_EQ(json_of(datadog_format(), {.level = Level::kFatal}).at("status"), "critical");
  EXPECT_EQ(json_of(datadog_format(), {.level = Level::kWarn}).at("status"), "warn");
}

TEST(DatadogFormat, ExceptionsAreErrors) {
  const Field fields[] = {{"exception.type", "std::runtime_error"},
                          {"exception.message", "no"},
                          {"exception.stacktrace", "a\nb"},
                          {"error.kind", "mine"}};
  const json line = json_of(datadog_format(), {.call_fields = Fields(fields, 4)});
  EXPECT_EQ(line.at("error.kind"), "std::runtime_error");
  EXPECT_EQ(line.at("error.message"), "no");
  EXPECT_EQ(line.at("error.stack"), "a\nb");
  EXPECT_EQ(line.at("field.error.kind"), "mine");
}

TEST(DatadogFormat, WritesTheNameOfATraceBesideItsId) {
  const Context named = Context::new_trace({.name = "batch-7"});
  const json line = json_of(datadog_format({.source_location = true}), under(named, {}));
  EXPECT_EQ(line.at("trace_name"), "batch-7");
  EXPECT_TRUE(line.contains("dd.trace_id"));
}

}  // namespace
}  // namespace waybill
