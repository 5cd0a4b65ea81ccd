#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/error.h>
#include <waybill/log/internal/format_samples.h>
#include <waybill/log/json_format.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::json_of;
using test::kTime;
using test::line_of;
using test::traced;
using test::under;

TEST(JsonFormat, WritesTheKeysInTheirOrder) {
  const Field fields[] = {{"zip", "98101"}, {"bytes", 12U}};
  const Resource resource{.service_name = "svc"};
  const LogRecord record = under(traced(), {.time = kTime,
                                            .level = Level::kError,
                                            .logger = "log",
                                            .message = "m",
                                            .call_fields = Fields(fields, 2),
                                            .resource = resource});
  EXPECT_EQ(line_of(json_format(), record),
            "{\"time\":\"2026-11-20T23:58:01.000042Z\",\"severity\":\"ERROR\",\"message\":\"m\","
            "\"logger\":\"log\",\"service\":\"svc\","
            "\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"span_id\":\"00f067aa0ba902b7\","
            "\"parent_span_id\":\"b7ad6b7169203331\",\"zip\":\"98101\",\"bytes\":12}");
}

TEST(JsonFormat, LeavesOutOrNullsTheIdsWithoutATrace) {
  const LogRecord record{.time = kTime, .message = "m"};
  const json absent = json_of(json_format(), record);
  EXPECT_FALSE(absent.contains("trace_id"));
  EXPECT_FALSE(absent.contains("span_id"));
  const json nulls = json_of(json_format({.null_ids = true}), record);
  EXPECT_TRUE(nulls.at("trace_id").is_null());
  EXPECT_TRUE(nulls.at("span_id").is_null());
  EXPECT_TRUE(nulls.at("parent_span_id").is_null());
}

TEST(JsonFormat, PrintsTheNameOfATraceOrTheChosenSpelling) {
  const Context named = Context::new_trace({.name = "say \"hi\""});
  EXPECT_EQ(json_of(json_format(), under(named, {})).at("trace_id"), "say \"hi\"");
  const auto uuids = json_format({.trace_id = TraceIdSpelling::kUuid});
  EXPECT_EQ(json_of(uuids, under(traced(), {})).at("trace_id"), traced().trace_id().to_uuid());
}

TEST(JsonFormat, WritesTheFlagsOnDemand) {
  const auto format = json_format({.trace_flags = true});
  EXPECT_EQ(json_of(format, under(traced(), {})).at("trace_flags"), "01");
  EXPECT_FALSE(json_of(format, {}).contains("trace_flags"));
  EXPECT_FALSE(json_of(json_format(), under(traced(), {})).contains("trace_flags"));
}

TEST(JsonFormat, WritesTheSourceLocationOnDemand) {
  const LogRecord record{.where = std::source_location::current()};
  const json line = json_of(json_format({.source_location = true}), record);
  EXPECT_EQ(line.at("code.line.number"), record.where.line());
  EXPECT_EQ(line.at("code.file.path"), record.where.file_name());
  EXPECT_EQ(line.at("code.function.name"), record.where.function_name());
  EXPECT_FALSE(json_of(json_format(), record).contains("code.line.number"));
  EXPECT_FALSE(json_of(json_format({.source_location = true}), {}).contains("code.line.number"));
}

TEST(JsonFormat, KeepsTypesAndSpellsWhatJsonHasNoNumberFor) {
  const Field fields[] = {{"i", std::numeric_limits<std::int64_t>::min()},
                          {"u", std::numeric_limits<std::uint64_t>::max()},
                          {"d", 0.1},
                          {"b", true},
                          {"nan", std::nan("")},
                          {"inf", -std::numeric_limits<double>::infinity()}};
  const json line = json_of(json_format(), {.call_fields = Fields(fields, 6)});
  EXPECT_EQ(line.at("i"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(line.at("u"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(line.at("d"), 0.1);
  EXPECT_EQ(line.at("b"), true);
  EXPECT_EQ(line.at("nan"), "NaN");
  EXPECT_EQ(line.at("inf"), "-Infinity");
}

TEST(JsonFormat, AFieldCannotPassForAPartOfTheRecord) {
  const Context context = traced().with(
      {{"trace_id", "forged"}, {"severity", "FATAL"}, {"field.severity", "again"}, {"field.x", 1}});
  const json line = json_of(json_format(), under(context, {.message = "m"}));
  EXPECT_EQ(line.at("trace_id"), traced().trace_id().to_hex());
  EXPECT_EQ(line.at("field.trace_id"), "forged");
  EXPECT_EQ(line.at("severity"), "INFO");
  EXPECT_EQ(line.at("field.severity"), "FATAL");
  EXPECT_EQ(line.at("field.field.severity"), "again");
  EXPECT_EQ(line.at("field.x"), 1);
}

TEST(JsonFormat, WritesLinesOfAnyLength) {
  for (const std::size_t size : {900, 1000, 1020, 1030, 2000, 100'000}) {
    const std::string message(size, 'x');
    const std::string quotes(size, '"');
    const Field field{quotes, quotes};
    const json line =
        json_of(json_format(), {.message = message, .call_fields = Fields(&field, 1)});
    EXPECT_EQ(line.at("message"), message);
    EXPECT_EQ(line.at(quotes), quotes);
  }
}

TEST(JsonFormat, IsAnObjectEvenWithoutKeys) {
  KeyNames nothing;
  for (const char* key : {"time", "severity", "message", "logger"}) nothing.emplace_back(key, "");
  EXPECT_EQ(line_of(json_format({.rename = nothing}), {.message = "m"}), "{}");
  const Field field{"zip", 1};
  EXPECT_EQ(line_of(json_format({.rename = nothing}), {.call_fields = Fields(&field, 1)}),
            "{\"zip\":1}");
}

}  // namespace
}  // namespace waybill
