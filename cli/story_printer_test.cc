#include <sstream>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cli/story_printer.h>
#include <cli/testing.h>
#include <cli/text.h>

namespace waybill::cli {
namespace {

using ::testing::HasSubstr;
using testing::records_from;

std::string printed(std::vector<Record> records, const Terminal& terminal = {},
                    const StoryTitle& title = {"", "4bf92f3577b34da6a3ce929d0e0e4736"}) {
  std::ostringstream out;
  print_story(tell_story(std::move(records)), title, terminal, out);
  return std::move(out).str();
}

std::vector<Record> two_hops() {
  return records_from({
      R"({"time":"2026-11-20T23:58:01.123Z","severity":"INFO","message":"landscape requested",)"
      R"("service":"web","span_id":"00f067aa0ba902b7","job":7,"zip":"98101"})",
      R"({"time":"2026-11-20T23:58:01.135Z","severity":"DEBUG","message":"published",)"
      R"("service":"web","span_id":"00f067aa0ba902b7","job":7})",
      R"({"time":"2026-11-20T23:58:01.138Z","severity":"WARN","message":"slow",)"
      R"("service":"fetcher","span_id":"b7ad6b7169203331","parent_span_id":"00f067aa0ba902b7",)"
      R"("job":7,"worker":"w","attempt":1})",
      R"({"time":"2026-11-20T23:58:02.123Z","severity":"ERROR","message":"gave up",)"
      R"("service":"fetcher","span_id":"b7ad6b7169203331","parent_span_id":"00f067aa0ba902b7",)"
      R"("job":7,"worker":"w","attempt":2})",
  });
}

TEST(StoryPrinter, DrawsTheTree) {
  EXPECT_EQ(printed(two_hops()), R"(trace 4bf92f3577b34da6a3ce929d0e0e4736
2026-11-20 23:58:01.123 UTC · 1 s · 2 services, 2 hops, 4 records, 1 warning, 1 error
job=7

   +0.0 ms         web  00f067aa0ba902b7                             12 ms  ━
   +0.0 ms  INFO   │  landscape requested   zip=98101
  +12.0 ms  DEBUG  │  published
  +15.0 ms         └─ fetcher  b7ad6b7169203331                     985 ms  ━━━━━━━━━━━━━━━━━━━━━━━━
                      │  worker=w
  +15.0 ms  WARN      │  slow   attempt=1
+1000.0 ms  ERROR     │  gave up   attempt=2
)");
}

TEST(StoryPrinter, DrawsWithAsciiAlone) {
  Terminal terminal;
  terminal.ascii = true;
  const std::string text = printed(two_hops(), terminal);
  EXPECT_THAT(text, HasSubstr("`- fetcher"));
  EXPECT_THAT(text, HasSubstr("======"));
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << text;
}

TEST(StoryPrinter, ColoursOnlyWhereAsked) {
  EXPECT_THAT(printed(two_hops()), ::testing::Not(HasSubstr("\x1b")));
  Terminal terminal;
  terminal.colour = true;
  const std::string text = printed(two_hops(), terminal);
  EXPECT_THAT(text, HasSubstr("\x1b[33mWARN\x1b[0m"));
  EXPECT_THAT(text, HasSubstr("\x1b[1;31mERROR\x1b[0m"));
  EXPECT_THAT(text, HasSubstr("\x1b[2m+15.0 ms\x1b[0m"));
}

TEST(StoryPrinter, ShowsTheNameAndTheId) {
  EXPECT_THAT(printed(two_hops(), {}, {"abc-123", "4bf92f3577b34da6a3ce929d0e0e4736"}),
              HasSubstr("trace abc-123  4bf92f3577b34da6a3ce929d0e0e4736\n"));
}

TEST(StoryPrinter, DoesNotInventATime) {
  EXPECT_THAT(printed(records_from({"{}"})), HasSubstr("without times · 0 µs · 1 service"));
}

TEST(StoryPrinter, SaysWhichParentIsMissing) {
  const std::string text = printed(records_from({
      R"({"message":"m","span_id":"a1","parent_span_id":"00f067aa0ba902b7"})",
  }));
  EXPECT_THAT(text, HasSubstr("a1  (parent 00f067aa… not in these files)"));
}

TEST(StoryPrinter, KeepsABarApartFromADurationBehindALongLabel) {
  const std::string text =
      printed(records_from({
                  R"({"time":"2026-11-20T23:58:01Z","service":"a-service-with-a-long-name",)"
                  R"("span_id":"b7ad6b7169203331","parent_span_id":"00f067aa0ba902b7"})",
                  R"({"time":"2026-11-20T23:58:02Z","service":"a-service-with-a-long-name",)"
                  R"("span_id":"b7ad6b7169203331","parent_span_id":"00f067aa0ba902b7"})",
              }),
              {.width = 100, .fits_width = false});
  EXPECT_THAT(text, HasSubstr("not in these files)  1 s  ━"));
}

TEST(StoryPrinter, NamesTheServiceOfARecordThatIsNotTheHops) {
  const std::string text = printed(records_from({
      R"({"message":"mine","service":"web","span_id":"a1"})",
      R"({"message":"theirs","service":"proxy","span_id":"a1"})",
      R"({"message":"stray","service":"cron"})",
  }));
  EXPECT_THAT(text, HasSubstr("│  mine\n"));
  EXPECT_THAT(text, HasSubstr("│  proxy  theirs\n"));
  EXPECT_THAT(text, HasSubstr("│  cron  stray\n"));
}

TEST(StoryPrinter, ShowsAnotherLoggerOfTheHop) {
  const std::string text = printed(records_from({
      R"({"message":"one","service":"web","logger":"http","span_id":"a1"})",
      R"({"message":"two","service":"web","logger":"sql","span_id":"a1"})",
  }));
  EXPECT_THAT(text, HasSubstr("│  one\n"));
  EXPECT_THAT(text, HasSubstr("│  two   logger=sql\n"));
}

TEST(StoryPrinter, LetsNothingThroughToTheTerminal) {
  const std::string text = printed(records_from({
      R"({"message":"a\u001b[2J\nERROR forged","service":"s\u0007","span_id":"\u001b]0;x",)"
      R"("k\u001b":"v\u009b1m"})",
  }));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("\xc2\x9b")));
  EXPECT_THAT(text, HasSubstr("a\\x1b[2J\\nERROR forged"));
}

TEST(StoryPrinter, KeepsToTheTerminalsWidth) {
  Terminal terminal;
  terminal.width = 80;
  terminal.fits_width = true;
  const std::string long_text(30, 'x');
  std::string message;
  for (int i = 0; i < 10; ++i) message += long_text + " ";
  const std::string json = R"({"message":")" + message + R"(","service":")" + long_text +
                           long_text + long_text + R"(","span_id":"a1","field":")" + message +
                           R"("})";
  std::istringstream lines(printed(records_from({json, R"({"message":"b"})"}), terminal));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_LE(display_width(line), 80U) << line;
  }
  EXPECT_GE(count, 9);  // the message is wrapped, not cut

  terminal.fits_width = false;
  EXPECT_THAT(printed(records_from({json}), terminal), HasSubstr(message + "   field="));
}

TEST(StoryPrinter, BoundsTheIndentationOfALongChain) {
  std::vector<Record> records;
  for (int i = 0; i < 3000; ++i) {
    records.push_back(testing::record_from(R"({"message":"m","span_id":")" + std::to_string(i + 1) +
                                           R"(","parent_span_id":")" +
                                           (i > 0 ? std::to_string(i) : "") + R"("})"));
  }
  const std::string text = printed(std::move(records));
  EXPECT_THAT(text, HasSubstr("file  3000"));
  EXPECT_LT(text.size(), 3000U * 2 * 200);
}

}  // namespace
}  // namespace waybill::cli
