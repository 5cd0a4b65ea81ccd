#include <sstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <waybill/bridges/spdlog.h>
#include <waybill/core/core.h>

namespace waybill {
namespace {

using spdlog_bridge::formatter;
using spdlog_bridge::FormatterOptions;
using ::testing::HasSubstr;

constexpr std::string_view kTraceHex = "4bf92f3577b34da6a3ce929d0e0e4736";

Context some_context(std::string_view name = {}) {
  return Context::new_trace({.name = name,
                             .trace_id = TraceId::from_hex(kTraceHex),
                             .span_id = SpanId::from_hex("00f067aa0ba902b7"),
                             .parent_span_id = *SpanId::from_hex("53995c3f42cd8ad8"),
                             .flags = TraceFlags(1)});
}

// What a synchronous logger of spdlog's writes for one record.
std::string line(std::string_view pattern, std::string_view message = "hello",
                 FormatterOptions options = {}, const std::string& name = "test") {
  std::ostringstream out;
  spdlog::logger logger(name, std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
  logger.set_formatter(formatter(pattern, std::move(options)));
  logger.info(spdlog::string_view_t(message.data(), message.size()));
  std::string text = out.str();
  EXPECT_EQ(text.back(), '\n');
  text.pop_back();
  return text;
}

TEST(SpdlogFormatter, PrintsTheIdsOfTheCurrentContext) {
  const Scope scope{some_context()};
  EXPECT_EQ(line("[{trace_id}] [{span_id}] [{parent_span_id}] [{trace_flags}] [%l] %v"),
            "[4bf92f3577b34da6a3ce929d0e0e4736] [00f067aa0ba902b7] [53995c3f42cd8ad8] [01] [info] "
            "hello");
}

TEST(SpdlogFormatter, WritesADashForWhatIsNotThere) {
  EXPECT_EQ(line("{trace_id} {span_id} {parent_span_id} {trace_flags} {job_id} %v"),
            "- - - - - hello");
}

TEST(SpdlogFormatter, PrefersTheTraceName) {
  const Scope scope{some_context("batch-job-2025-10-21")};
  EXPECT_EQ(line("[{trace_id}] %v"), "[batch-job-2025-10-21] hello");
}

TEST(SpdlogFormatter, SpellsTraceIdsAsUuidsIfAsked) {
  const Scope scope{some_context()};
  EXPECT_EQ(line("{trace_id}", "", {.trace_id = TraceIdSpelling::kUuid}),
            "4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
}

TEST(SpdlogFormatter, PrintsFieldsOfEachType) {
  const Scope scope{Context().with(
      {{"text", "x"}, {"int", -3}, {"unsigned", 7U}, {"double", 0.5}, {"bool", true}})};
  EXPECT_EQ(line("{text} {int} {unsigned} {double} {bool}"), "x -3 7 0.5 true");
}

TEST(SpdlogFormatter, FieldsAreThoseThatThePatternDoesNotName) {
  const Scope scope{Context().with({{"job_id", "J-1"}, {"zip", 98101}, {"city", "New York"}})};
  EXPECT_EQ(line("%v {fields} [{job_id}]"), "hello zip=98101 city=\"New York\" [J-1]");
}

TEST(SpdlogFormatter, LeavesNoBlankWhereThereAreNoFields) {
  EXPECT_EQ(line("%v {fields}"), "hello");
  EXPECT_EQ(line("%v {fields}."), "hello.");
}

TEST(SpdlogFormatter, QuotesValuesThatWouldBreakThePairs) {
  const Scope scope{Context().with({{"a", R"(say "hi" \ bye)"}, {"b", ""}, {"c d=e", "f=g"}})};
  EXPECT_EQ(line("%v {fields}"), R"(hello a="say \"hi\" \\ bye" b="" c_d_e="f=g")");
}

TEST(SpdlogFormatter, FillsUpToTheWidth) {
  const Scope scope{Context().with({{"job_id", "J-1"}})};
  EXPECT_EQ(line("[{job_id:6}] [{trace_id:3}] [{job_id:2}]"), "[J-1   ] [-  ] [J-1]");
}

TEST(SpdlogFormatter, FollowsNestedScopes) {
  const Scope outer{Context().with({{"depth", 1}})};
  {
    const Scope inner{Context::current().with({{"depth", 2}})};
    EXPECT_EQ(line("{depth}"), "2");
  }
  EXPECT_EQ(line("{depth}"), "1");
}

TEST(SpdlogFormatter, LeavesSpdlogsFlagsAsTheyAre) {
  EXPECT_EQ(line("%n %-6l| %% %5!v %L"), "test info  | % hello I");
  EXPECT_THAT(line("%+"), HasSubstr("[test] [info] hello"));
  EXPECT_EQ(line("{{%l}} }"), "{info} }");
}

TEST(SpdlogFormatter, KeepsFlagsOfTheUsersOwn) {
  class Answer final : public spdlog::custom_flag_formatter {
   public:
    void format(const spdlog::details::log_msg&, const std::tm&,
                spdlog::memory_buf_t& out) override {
      out.push_back('4');
      out.push_back('2');
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
      return std::make_unique<Answer>();
    }
  };
  FormatterOptions options;
  options.flags['*'] = std::make_unique<Answer>();
  options.flags['\x80'] = std::make_unique<Answer>();  // where ours would begin
  const Scope scope{some_context("t")};
  EXPECT_EQ(line("%* {trace_id} %\x80", "", std::move(options)), "42 t 42");
}

TEST(SpdlogFormatter, TellsColouringSinksWhereTheLevelStands) {
  const auto formatted = formatter("{trace_id} %^%l%$");
  const spdlog::details::log_msg msg("test", spdlog::level::warn, "hello");
  const auto check = [&](const spdlog::details::log_msg& record) {
    spdlog::memory_buf_t out;
    formatted->format(record, out);
    EXPECT_EQ(record.color_range_start, 2U);
    EXPECT_EQ(record.color_range_end, 9U);
  };
  check(spdlog_bridge::kept(msg));  // before msg has a range that would be copied
  check(msg);
}

TEST(SpdlogFormatter, ACloneFormatsAlike) {
  const Scope scope{some_context("t").with({{"job_id", "J-1"}})};
  const auto clone = formatter("{trace_id} {job_id} %v {fields}")->clone();
  spdlog::memory_buf_t out;
  clone->format({"test", spdlog::level::info, "hello"}, out);
  EXPECT_EQ(std::string(out.data(), out.size()), "t J-1 hello\n");
}

TEST(SpdlogFormatter, ForgesNoLines) {
  const std::string_view evil = "a\n[info] b\r\x1b[2J\t\x7f\xff\xc2\x9b\xe2\x80\xae";
  const Scope scope{some_context(evil).with({{"job_id", evil}, {evil, evil}})};
  const std::string escaped = R"(a\n[info] b\r\x1b[2J\t\x7f\xff\xc2\x9b\xe2\x80\xae)";
  EXPECT_EQ(line("{trace_id}"), escaped);
  EXPECT_EQ(line("{job_id}"), escaped);
  EXPECT_EQ(line("{message}", evil), escaped);
  EXPECT_EQ(line("{logger}", "", {}, std::string(evil)), escaped);
  EXPECT_EQ(line("{fields} {job_id}"),
            R"(a\n[info]_b\r\x1b[2J\t\x7f\xff\xc2\x9b\xe2\x80\xae="a\n[info] b\r\x1b[2J\t\x7f\xff)"
            R"(\xc2\x9b\xe2\x80\xae" )" +
                escaped);
}

TEST(SpdlogFormatter, LeavesVisibleTextAlone) {
  const Scope scope{some_context("größer 東京 🚚")};
  EXPECT_EQ(line("{trace_id} {message}", "naïve"), "größer 東京 🚚 naïve");
}

TEST(SpdlogFormatter, LeavesTheMessageToSpdlogWhereThePatternSaysSo) {
  EXPECT_EQ(line("%v", "two\nlines"), "two\nlines");
}

RC_GTEST_PROP(SpdlogFormatter, WritesOneVisibleLineWhateverTheText, (const std::string& text)) {
  const Scope scope{some_context(text).with({{"key", text}, {text, text}})};
  const std::string written = line("{trace_id} {key} {message} {logger} {fields}", text, {}, text);
  const char* const end = written.data() + written.size();
  for (const char* p = written.data(); p != end;) {
    const Utf8Step step = utf8_step(p, end);
    RC_ASSERT(step.valid);
    RC_ASSERT(step.size > 1 || (*p >= ' ' && *p < 0x7f));
    p += step.size;
  }
}

TEST(SpdlogFormatter, RefusesBadPatterns) {
  for (const std::string_view bad : {"{", "{}", "x {trace_id", "{job_id:}", "{job_id:x}",
                                     "{job_id:1001}", "%{trace_id}", "%-8{trace_id}", "{level}"}) {
    EXPECT_THROW(formatter(bad), Error) << bad;
  }
  try {
    formatter("[{level}]");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("option 'pattern': '[{level}]'"));
  }
}

TEST(SpdlogFormatter, TakesAsManyPartsAsThereAreFlags) {
  std::string pattern;
  for (int i = 0; i < 128; ++i) pattern += "{a}{b}%L";
  EXPECT_EQ(line(pattern).size(), 128U * 3);
  EXPECT_THROW(formatter(pattern + "{a}"), Error);
}

}  // namespace
}  // namespace waybill
