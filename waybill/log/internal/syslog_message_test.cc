#include <regex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <waybill/log/internal/syslog_message.h>
#include <waybill/log/internal/syslog_severity.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

SyslogOptions options() {
  return {.hostname = "web-3"};
}

std::string build(const LogRecord& record, SyslogOptions with = options()) {
  return std::string(SyslogMessage(std::move(with)).build(record));
}

const auto kTime =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 5) + 23h + 58min + 1s + 42us;
const Resource kWeather = {.service_name = "weather"};
const std::string kPid = std::to_string(getpid());

TEST(SyslogMessage, HasTheHeaderOfRfc5424) {
  EXPECT_EQ(build({.time = kTime, .message = "Fetching", .resource = kWeather}),
            "<14>1 2026-11-05T23:58:01.000042Z web-3 weather " + kPid + " - - Fetching");
}

TEST(SyslogMessage, HasTheHeaderThatLocalDaemonsRead) {
  const SyslogOptions with = {.protocol = SyslogProtocol::kRfc3164, .hostname = "web-3"};
  const LogRecord record = {.time = kTime, .message = "Fetching", .resource = kWeather};
  EXPECT_EQ(build(record, with), "<14>Nov  5 23:58:01 weather[" + kPid + "]: Fetching");
  SyslogOptions far = with;
  far.host = "logs.example.com";
  far.app_name = "a:[b]";
  EXPECT_EQ(build(record, far), "<14>Nov  5 23:58:01 web-3 a__b_[" + kPid + "]: Fetching");
}

TEST(SyslogMessage, CarriesTraceAndFields) {
  const Field fields[] = {{"zip", "98101"}, {"attempt", 3}, {"cached", true}};
  const LogRecord record = {.logger = "fetcher",
                            .message = "Fetching",
                            .trace_id = *TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736"),
                            .span_id = *SpanId::from_hex("00f067aa0ba902b7"),
                            .flags = TraceFlags(1),
                            .trace_name = "batch-7",
                            .call_fields = Fields(fields, 3)};
  const std::string data =
      "[opentelemetry trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\" span_id=\"00f067aa0ba902b7\" "
      "trace_flags=\"01\"][fields@32473 logger=\"fetcher\" trace_name=\"batch-7\" zip=\"98101\" "
      "attempt=\"3\" cached=\"true\"]";
  EXPECT_THAT(build(record), EndsWith(" - " + data + " Fetching"));
  SyslogOptions old = options();
  old.protocol = SyslogProtocol::kRfc3164;
  EXPECT_THAT(build(record, old), EndsWith("]: Fetching " + data));
}

// lf-152 of the vectors; OpenTelemetry's example, whose ids are too short for ids.
TEST(SyslogMessage, HasTheElementOfOpenTelemetry) {
  std::string out;
  append_opentelemetry_element(out, "102981abcd2901", "abcdef1010", TraceFlags(1));
  EXPECT_EQ(out,
            "[opentelemetry trace_id=\"102981abcd2901\" span_id=\"abcdef1010\" "
            "trace_flags=\"01\"]");
}

TEST(SyslogMessage, TakesPriorityFromFacilityAndLevel) {
  const auto priority = [](SyslogFacility facility, Level level) {
    SyslogOptions with = options();
    with.facility = facility;
    const std::string message = build({.level = level}, with);
    return message.substr(0, message.find('>') + 1);
  };
  EXPECT_EQ(priority(SyslogFacility::kUser, Level::kTrace), "<15>");
  EXPECT_EQ(priority(SyslogFacility::kUser, Level::kDebug), "<15>");
  EXPECT_EQ(priority(SyslogFacility::kUser, Level::kInfo), "<14>");
  EXPECT_EQ(priority(SyslogFacility::kDaemon, Level::kWarn), "<28>");
  EXPECT_EQ(priority(SyslogFacility::kLocal0, Level::kError), "<131>");
  EXPECT_EQ(priority(SyslogFacility::kLocal7, Level::kFatal), "<186>");
}

TEST(SyslogMessage, EscapesValuesAsSection633Asks) {
  const Field fields[] = {{"quoted", "a\"b\\c]d"}, {"lines", "a\nb\x1b[2J"}, {"bytes", "\xff\xc3"}};
  EXPECT_THAT(build({.call_fields = Fields(fields, 3)}),
              HasSubstr("quoted=\"a\\\"b\\\\c\\]d\" lines=\"a\\nb\\x1b[2J\" "
                        "bytes=\"\\xff\\xc3\"]"));
}

TEST(SyslogMessage, MakesNamesOfKeys) {
  const Field fields[] = {{"a b=c]d\"e", 1},
                          {"", 2},
                          {"sch\xc3\xb6n", 3},
                          {std::string_view("0123456789012345678901234567890123456789"), 4}};
  EXPECT_THAT(
      build({.call_fields = Fields(fields, 4)}),
      HasSubstr(" a_b_c_d_e=\"1\" _=\"2\" sch__n=\"3\" 01234567890123456789012345678901=\"4\"]"));
}

TEST(SyslogMessage, EscapesTheText) {
  EXPECT_THAT(build({.message = "one\n<14>1 forged\r\x07"}),
              EndsWith(" one\\n<14>1 forged\\r\\x07"));
}

TEST(SyslogMessage, NamesTheProgramWhereNobodyElseDoes) {
  EXPECT_THAT(build({}), HasSubstr(std::string(" ") + program_invocation_short_name + " "));
  SyslogOptions named = options();
  named.app_name = "own";
  EXPECT_THAT(build({.resource = kWeather}, named), HasSubstr(" web-3 own "));
  const Resource odd = {.service_name = "a b\n" + std::string(100, 'c')};
  EXPECT_THAT(build({.resource = odd}), HasSubstr(" a_b_" + std::string(44, 'c') + " "));
}

TEST(SyslogMessage, TakesTheTextOfAFormatWithoutItsNewline) {
  class Fixed final : public LogFormat {
    void format(const LogRecord&, std::string& out) const override { out.append("formatted\n"); }
  };
  SyslogOptions with = options();
  with.format = std::make_shared<Fixed>();
  EXPECT_THAT(build({.message = "message"}, with), EndsWith(" - formatted"));
}

TEST(SyslogMessage, LeavesOutWholeFieldsAndCutsTheTextAtACharacter) {
  SyslogOptions with = options();
  with.max_bytes = 480;
  const std::string text(300, 'v');
  const Field fields[] = {{"long", text}, {"short", 1}};
  std::string umlauts;
  for (int i = 0; i < 500; ++i) umlauts += "\xc3\xb6";
  const std::string message = build({.message = umlauts, .call_fields = Fields(fields, 2)}, with);
  EXPECT_THAT(message, HasSubstr("[fields@32473 short=\"1\"] \xc3\xb6"));
  EXPECT_LE(message.size(), 480U);
  EXPECT_GT(message.size(), 440U);
  EXPECT_THAT(message, EndsWith("\xc3\xb6"));
}

// Whatever is logged, the message has the grammar of section 6, and no control characters.
RC_GTEST_PROP(SyslogMessage, KeepsToTheGrammar,
              (const std::string& key, const std::string& value, const std::string& text,
               const std::string& service)) {
  static const std::regex kGrammar(
      "<1?[0-9]{1,2}>1 [-0-9T:.]{26}Z [!-~]{1,255} [!-~]{1,48} [0-9]{1,128} - "
      "(-|\\[fields@32473( [!#-<>-\\\\^-~]{1,32}=\"([^\\]\"\\\\]|\\\\.)*\")+\\]) [^\\x00-\\x1f]*");
  const Field field = {key, value};
  const Resource resource = {.service_name = service};
  for (const std::size_t size : {480U, 8'192U}) {
    SyslogOptions with = options();
    with.max_bytes = size;
    const std::string message = build(
        {.time = kTime, .message = text, .call_fields = Fields(&field, 1), .resource = resource},
        with);
    RC_ASSERT(std::regex_match(message, kGrammar));
    RC_ASSERT(message.size() <= size);
  }
}

}  // namespace
}  // namespace waybill::internal
