#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/log/ecs_format.h>
#include <waybill/log/internal/format_samples.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::json_of;
using test::kTime;
using test::line_of;
using test::traced;
using test::under;

TEST(EcsFormat, WritesTheFieldsOfTheSchema) {
  const Field fields[] = {{"zip", 98101}, {"ok", true}};
  const Resource resource{.service_name = "fetcher",
                          .attributes = {{"service.version", "1.4.0"},
                                         {"deployment.environment.name", "production"},
                                         {"service.instance.id", "i-1"}}};
  const LogRecord record = under(traced(), {.time = kTime,
                                            .logger = "weather",
                                            .message = "m",
                                            .call_fields = Fields(fields, 2),
                                            .thread_id = 4711,
                                            .resource = resource});
  EXPECT_EQ(line_of(ecs_format(), record),
            "{\"@timestamp\":\"2026-11-20T23:58:01.000042Z\",\"log.level\":\"info\","
            "\"message\":\"m\",\"ecs.version\":\"8.11.0\",\"service.name\":\"fetcher\","
            "\"service.version\":\"1.4.0\",\"service.environment\":\"production\","
            "\"service.node.name\":\"i-1\",\"log.logger\":\"weather\","
            "\"trace.id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"span.id\":\"00f067aa0ba902b7\","
            "\"process.thread.id\":4711,\"labels\":{\"zip\":\"98101\",\"ok\":\"true\"}}");
}

TEST(EcsFormat, KeepsTheIdOfATraceThatHasAName) {
  const Context named = Context::new_trace({.name = "batch-7"}).with({{"trace_name", "mine"}});
  for (const bool labels : {true, false}) {
    const json line = json_of(ecs_format({.labels = labels}), under(named, {}));
    EXPECT_EQ(line.at("trace.id"), named.trace_id().to_hex());
    const json& place = labels ? line.at("labels") : line;
    EXPECT_EQ(place.at("trace_name"), "batch-7");
    EXPECT_EQ(place.at("field.trace_name"), "mine");
  }
}

TEST(EcsFormat, ExceptionsAreErrors) {
  const Field fields[] = {{"exception.type", "std::runtime_error"},
                          {"exception.message", "no"},
                          {"exception.stacktrace", "a\nb"}};
  const json line = json_of(ecs_format(), {.call_fields = Fields(fields, 3)});
  EXPECT_EQ(line.at("error.type"), "std::runtime_error");
  EXPECT_EQ(line.at("error.message"), "no");
  EXPECT_EQ(line.at("error.stack_trace"), "a\nb");
  EXPECT_FALSE(line.contains("labels"));
}

TEST(EcsFormat, FieldsCanStandAmongTheOthers) {
  const Field fields[] = {{"zip", 98101}, {"log", "x"}, {"service.version", 2}, {"event.id", "e"}};
  const json line = json_of(ecs_format({.labels = false}), {.call_fields = Fields(fields, 4)});
  EXPECT_EQ(line.at("zip"), 98101);
  EXPECT_EQ(line.at("event.id"), "e");
  EXPECT_EQ(line.at("field.log"), "x") << "log is an object in Elasticsearch";
  EXPECT_EQ(line.at("field.service.version"), 2);
}

TEST(EcsFormat, WritesTheOriginOnDemand) {
  const LogRecord record{.where = std::source_location::current()};
  const json line = json_of(ecs_format({.source_location = true}), record);
  EXPECT_EQ(line.at("log.origin.file.name"), record.where.file_name());
  EXPECT_EQ(line.at("log.origin.file.line"), record.where.line());
  EXPECT_EQ(line.at("log.origin.function"), record.where.function_name());
  EXPECT_FALSE(json_of(ecs_format(), record).contains("log.origin.file.line"));
}

TEST(EcsFormat, RenamesLabelsToo) {
  const Field fields[] = {{"zip", 1}, {"secret", 2}};
  const LogRecord record{.call_fields = Fields(fields, 2)};
  const json line = json_of(
      ecs_format({.rename = {{"labels", "tags"}, {"zip", "postcode"}, {"secret", ""}}}), record);
  EXPECT_EQ(line.at("tags"), json({{"postcode", "1"}}));
  EXPECT_FALSE(json_of(ecs_format({.rename = {{"labels", ""}}}), record).contains("labels"));
}

}  // namespace
}  // namespace waybill
