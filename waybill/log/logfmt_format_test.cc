#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/core/error.h>
#include <waybill/core/utf8.h>
#include <waybill/log/internal/escape.h>
#include <waybill/log/internal/format_samples.h>
#include <waybill/log/internal/logfmt_reader.h>
#include <waybill/log/logfmt_format.h>

namespace waybill {
namespace {

using test::kTime;
using test::line_of;
using test::read_logfmt;
using test::traced;
using test::under;

TEST(LogfmtFormat, WritesThePairsInTheirOrder) {
  const Field fields[] = {{"zip", 98101}, {"ok", true}, {"ratio", 0.5}, {"city", "Seattle"}};
  const Resource resource{.service_name = "fetcher"};
  const LogRecord record = under(traced(), {.time = kTime,
                                            .logger = "weather",
                                            .message = "Fetched 98101",
                                            .call_fields = Fields(fields, 4),
                                            .resource = resource});
  EXPECT_EQ(line_of(logfmt_format(), record),
            "time=2026-11-20T23:58:01.000042Z level=info msg=\"Fetched 98101\" logger=weather "
            "service=fetcher trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7 "
            "parent_span_id=b7ad6b7169203331 zip=98101 ok=true ratio=0.5 city=Seattle");
  EXPECT_EQ(line_of(logfmt_format(), {.time = kTime}),
            "time=2026-11-20T23:58:01.000042Z level=info msg=\"\"");
}

TEST(LogfmtFormat, QuotesWhatIsNotAPlainWord) {
  const std::pair<std::string, std::string> cases[] = {
      {"plain-word_1/2:3", "plain-word_1/2:3"}, {"", "\"\""},
      {"two words", "\"two words\""},           {"a=b", "\"a=b\""},
      {"say \"hi\"", "\"say \\\"hi\\\"\""},     {"back\\slash", "\"back\\\\slash\""},
      {"line\nbreak", "\"line\\nbreak\""},      {"\x1b[31m", "\"\\u001b[31m\""},
      {"Z\xc3\xbcrich", "\"Z\xc3\xbcrich\""},   {"\xff", "\"\xef\xbf\xbd\""}};
  for (const auto& [value, written] : cases) {
    const Field field{"v", value};
    const std::string line = line_of(logfmt_format(), {.call_fields = Fields(&field, 1)});
    EXPECT_EQ(line.substr(line.rfind(" v=") + 3), written) << value;
  }
}

TEST(LogfmtFormat, MakesAKeyOfAnyText) {
  const Field fields[] = {{"a b", 1}, {"a=b", 2},      {"a_b", 3},  {"", 4},
                          {"msg", 5}, {"trace id", 6}, {"\"\n", 7}, {"Z\xc3\xbcrich\xff", 8}};
  const auto pairs =
      read_logfmt(line_of(logfmt_format(), under(traced(), {.call_fields = Fields(fields, 8)})));
  std::vector<std::pair<std::string, std::string>> of_fields(pairs.end() - 8, pairs.end());
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"field.a_b", "1"}, {"a_b.2", "2"},          {"a_b", "3"}, {"_", "4"},
      {"field.msg", "5"}, {"field.trace_id", "6"}, {"__", "7"},  {"Z\xc3\xbcrich_", "8"}};
  EXPECT_EQ(of_fields, expected);
}

TEST(LogfmtFormat, RenamesAndLeavesOut) {
  const Field fields[] = {{"zip", 1}, {"secret", 2}};
  const auto format = logfmt_format(
      {.rename = {{"time", ""}, {"level", "severity"}, {"zip", "postcode"}, {"secret", ""}}});
  EXPECT_EQ(line_of(format, {.message = "m", .call_fields = Fields(fields, 2)}),
            "severity=info msg=m postcode=1");
  EXPECT_THROW(logfmt_format({.rename = {{"time", "at what time"}}}), Error);
}

TEST(LogfmtFormat, WritesTheSourceLocationOnDemand) {
  const LogRecord record{.where = std::source_location::current()};
  const auto pairs = read_logfmt(line_of(logfmt_format({.source_location = true}), record));
  EXPECT_EQ(pairs.back().first, "code.function.name");
  EXPECT_EQ(pairs.back().second, record.where.function_name());
  EXPECT_EQ(read_logfmt(line_of(logfmt_format(), record)).back().first, "msg");
}

RC_GTEST_PROP(LogfmtFormat, IsReadBackWhateverTheBytes,
              (const std::string& message, const std::string& value)) {
  const Field field{"v", value};
  const auto pairs =
      read_logfmt(line_of(logfmt_format(), {.message = message, .call_fields = Fields(&field, 1)}));
  RC_ASSERT(pairs.size() == 4U);
  RC_ASSERT(pairs[2].first == "msg");
  RC_ASSERT(pairs[2].second == to_utf8(message));
  RC_ASSERT(pairs[3].second == to_utf8(value));
}

}  // namespace
}  // namespace waybill
