#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/core/error.h>
#include <waybill/log/format.h>

namespace waybill {
namespace {

using nlohmann::json;
using std::chrono::microseconds;
using std::chrono::system_clock;

// 2026-11-20T23:58:01.000042Z
constexpr system_clock::time_point kTime{std::chrono::seconds(1795219081) + microseconds(42)};

std::string text(const LogRecord& record, const TextFormatOptions& options = {}) {
  std::string line;
  text_format(options)->format(record, line);
  return line;
}

std::string json_line(const LogRecord& record, const JsonFormatOptions& options = {}) {
  std::string line;
  json_format(options)->format(record, line);
  EXPECT_EQ(line.back(), '\n');
  EXPECT_EQ(line.find('\n'), line.size() - 1) << "a record is one line";
  return line;
}

const Context& traced() {
  static const Context context =
      Context::new_trace({.trace_id = TraceId::from_name("x"),
                          .span_id = SpanId::from_hex("00f067aa0ba902b7"),
                          .parent_span_id = *SpanId::from_hex("b7ad6b7169203331")});
  return context;
}

TEST(TextFormat, WritesTheDefaultPattern) {
  const Context context = Context::new_trace({.name = "abc"}).with({{"run_id", "r1"}, {"zip", 7}});
  EXPECT_EQ(text({.time = kTime, .message = "m", .context = context}),
            "[2026-11-20T23:58:01.000042Z] [r1] [abc] INFO - m zip=7\n");
  EXPECT_EQ(text({.time = kTime, .message = "m", .context = Context()}),
            "[2026-11-20T23:58:01.000042Z] [-] [-] INFO - m\n");
}

TEST(TextFormat, KnowsEveryNamedPart) {
  const LogRecord record{.time = kTime,
                         .level = Level::kWarn,
                         .logger = "log",
                         .service = "svc",
                         .message = "m",
                         .context = traced()};
  EXPECT_EQ(text(record, {.pattern = "{level:6}|{logger}|{service}|{span_id}|{parent_span_id}"}),
            "WARN  |log|svc|00f067aa0ba902b7|b7ad6b7169203331\n");
  EXPECT_EQ(text(record, {.pattern = "{trace_id}", .trace_id = TraceIdSpelling::kUuid}),
            traced().trace_id().to_uuid() + "\n");
  EXPECT_NE(text(record, {.pattern = "{thread}"}), "-\n");
  EXPECT_EQ(text(record, {.pattern = "{{{message}}} {absent}"}), "{m} -\n");
  const LogRecord here{
      .message = "m", .context = traced(), .where = std::source_location::current()};
  EXPECT_EQ(text(here, {.pattern = "{line}"}), std::to_string(here.where.line()) + "\n");
  EXPECT_NE(text(here, {.pattern = "{file}"}).find("format_test.cc"), std::string::npos);
  EXPECT_NE(text(here, {.pattern = "{function}"}).find("TestBody"), std::string::npos);
}

TEST(TextFormat, RefusesABrokenPattern) {
  for (const std::string_view bad :
       {"{", "{message", "{}", "a {} b", "{level:}", "{level:x}", "{level:5000}"}) {
    EXPECT_THROW(text_format({.pattern = bad}), Error) << bad;
  }
}

TEST(TextFormat, ForgesNoLineAndMovesNoCursor) {
  const std::string_view hostile(
      "a\nb\r\t\x1b[31m\x7f\0\xff\xc2\x9b"
      "1m",
      17);
  const Field fields[] = {{"k\n", hostile}, {"q", "say \"hi\" in Zürich\\"}, {"empty", ""}};
  const LogRecord record{.logger = "l\n",
                         .message = hostile,
                         .context = Context::new_trace({.name = "id\nforged"}),
                         .call_fields = Fields(fields, 3)};
  const std::string line = text(record, {.pattern = "{logger} {trace_id} {message} {fields}"});
  EXPECT_EQ(
      line,
      "l\\n id\\nforged a\\nb\\r\\t\\x1b[31m\\x7f\\x00\\xff\\xc2\\x9b1m "
      "k\\n=a\\nb\\r\\t\\x1b[31m\\x7f\\x00\\xff\\xc2\\x9b1m q=\"say \\\"hi\\\" in Zürich\\\\\" "
      "empty=\"\"\n");
}

TEST(JsonFormat, WritesTheKeysInTheirOrder) {
  const Field fields[] = {{"zip", "98101"}, {"bytes", 12U}};
  const LogRecord record{.time = kTime,
                         .level = Level::kError,
                         .logger = "log",
                         .service = "svc",
                         .message = "m",
                         .context = traced(),
                         .call_fields = Fields(fields, 2)};
  EXPECT_EQ(json_line(record),
            "{\"time\":\"2026-11-20T23:58:01.000042Z\",\"severity\":\"ERROR\",\"message\":\"m\","
            "\"logger\":\"log\",\"service\":\"svc\",\"trace_id\":\"" +
                TraceId::from_name("x").to_hex() +
                "\",\"span_id\":\"00f067aa0ba902b7\",\"parent_span_id\":\"b7ad6b7169203331\","
                "\"zip\":\"98101\",\"bytes\":12}\n");
}

TEST(JsonFormat, LeavesOutOrNullsTheIdsWithoutATrace) {
  const LogRecord record{.time = kTime, .message = "m", .context = Context()};
  const json absent = json::parse(json_line(record));
  EXPECT_FALSE(absent.contains("trace_id"));
  EXPECT_FALSE(absent.contains("span_id"));
  const json nulls = json::parse(json_line(record, {.null_ids = true}));
  EXPECT_TRUE(nulls.at("trace_id").is_null());
  EXPECT_TRUE(nulls.at("span_id").is_null());
  EXPECT_TRUE(nulls.at("parent_span_id").is_null());
}

TEST(JsonFormat, PrintsTheNameOfATraceOrTheChosenSpelling) {
  const Context named = Context::new_trace({.name = "say \"hi\""});
  EXPECT_EQ(json::parse(json_line({.context = named})).at("trace_id"), "say \"hi\"");
  EXPECT_EQ(json::parse(json_line({.context = traced()}, {.trace_id = TraceIdSpelling::kUuid}))
                .at("trace_id"),
            traced().trace_id().to_uuid());
}

TEST(JsonFormat, WritesTheSourceLocationOnDemand) {
  const LogRecord record{.context = traced(), .where = std::source_location::current()};
  const json line = json::parse(json_line(record, {.source_location = true}));
  EXPECT_EQ(line.at("code.line.number"), record.where.line());
  EXPECT_EQ(line.at("code.file.path"), record.where.file_name());
  EXPECT_EQ(line.at("code.function.name"), record.where.function_name());
}

TEST(JsonFormat, KeepsTypesAndSpellsWhatJsonHasNoNumberFor) {
  const Field fields[] = {{"i", std::numeric_limits<std::int64_t>::min()},
                          {"u", std::numeric_limits<std::uint64_t>::max()},
                          {"d", 0.1},
                          {"b", true},
                          {"nan", std::nan("")},
                          {"inf", -std::numeric_limits<double>::infinity()}};
  const json line =
      json::parse(json_line({.context = Context(), .call_fields = Fields(fields, 6)}));
  EXPECT_EQ(line.at("i"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(line.at("u"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(line.at("d"), 0.1);
  EXPECT_EQ(line.at("b"), true);
  EXPECT_EQ(line.at("nan"), "NaN");
  EXPECT_EQ(line.at("inf"), "-Infinity");
}

TEST(JsonFormat, AFieldCannotPassForAPartOfTheRecord) {
  const Context context = traced().with({{"trace_id", "forged"}, {"severity", "FATAL"}});
  const json line = json::parse(json_line({.message = "m", .context = context}));
  EXPECT_EQ(line.at("trace_id"), traced().trace_id().to_hex());
  EXPECT_EQ(line.at("field.trace_id"), "forged");
  EXPECT_EQ(line.at("severity"), "INFO");
}

RC_GTEST_PROP(JsonFormat, IsReadBackByAParserWhateverTheBytes,
              (const std::string& message, const std::string& key, const std::string& value)) {
  RC_PRE(key != "time" && key != "severity" && key != "message");
  const Field field{key, value};
  const LogRecord record{.message = message, .context = traced(), .call_fields = Fields(&field, 1)};
  const json line = json::parse(json_line(record));
  RC_ASSERT(line.is_object());
  if (message.find_first_not_of("abcdefghijklmnopqrstuvwxyz\"\\\n\t ") == std::string::npos) {
    RC_ASSERT(line.at("message") == message);
  }
}

}  // namespace
}  // namespace waybill
