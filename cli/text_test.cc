#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cli/text.h>

namespace waybill::cli {
namespace {

using ::testing::ElementsAre;

TEST(Escape, SpellsOutWhatATerminalWouldActOn) {
  const struct {
    std::string_view text;
    std::string_view escaped;
  } kCases[] = {
      {"plain text", "plain text"},
      {"Zürich 日本 🙂", "Zürich 日本 🙂"},
      {"\x1b[2J", "\\x1b[2J"},
      {"a\nb\r\tc", "a\\nb\\r\\tc"},
      {"\x7f", "\\x7f"},
      {"\xc2\x9b"
       "31m",
       "\\u009b31m"},
      {"\u202egnp.exe", "\\u202egnp.exe"},
      {"zero\u200bwidth", "zero\\u200bwidth"},
      {"bad \xff byte", "bad \\xff byte"},
      {"cut \xe6\x97", "cut \\xe6\\x97"},
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
  };
  for (const auto& c : kCases) EXPECT_EQ(escape(c.text), c.escaped);
}

RC_GTEST_PROP(Escape, LeavesNoControlCharacter, (const std::string& text)) {
  for (const char c : escape(text)) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

TEST(EscapeJsonLine, KeepsTheMeaning) {
  EXPECT_EQ(escape_json_line("{\"a\":\"\xc2\x9b\"}"), "{\"a\":\"\\u009b\"}");
  EXPECT_EQ(escape_json_line("{\"a\":\t1}"), "{\"a\": 1}");
  EXPECT_EQ(escape_json_line("\"\U000e0041\""), "\"\\udb40\\udc41\"");
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("Zürich"), 6U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("🙂"), 2U);
  EXPECT_EQ(display_width(""), 0U);
}

TEST(Fit, NeverCutsThroughACharacter) {
  EXPECT_EQ(fit("abcdef", 3), "abc");
  EXPECT_EQ(fit("日本語", 5), "日本");
  EXPECT_EQ(fit("e\u0301x", 1), "e\u0301");
  EXPECT_EQ(fit("abc", 10), "abc");
  EXPECT_EQ(fit("abc", 0), "");
}

TEST(Wrap, BreaksAtSpaces) {
  EXPECT_THAT(wrap("the quick brown fox", 10), ElementsAre("the quick", "brown fox"));
  EXPECT_THAT(wrap("exactly ten", 11), ElementsAre("exactly ten"));
  EXPECT_THAT(wrap("unbreakable", 4), ElementsAre("unbr", "eaka", "ble"));
  EXPECT_THAT(wrap("日本語", 1), ElementsAre("日", "本", "語"));
  EXPECT_THAT(wrap("", 10), ElementsAre(""));
}

TEST(Counted, SaysNumbersAsPeopleDo) {
  EXPECT_EQ(counted(0, "record", "records"), "0 records");
  EXPECT_EQ(counted(1, "record", "records"), "1 record");
  EXPECT_EQ(counted(1204, "record", "records"), "1,204 records");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(1'000'000), "1,000,000");
}

TEST(ContainsIgnoringCase, LooksForAPart) {
  EXPECT_TRUE(contains_ignoring_case("Weather Fetched", "fetch"));
  EXPECT_TRUE(contains_ignoring_case("x", ""));
  EXPECT_TRUE(contains_ignoring_case("", ""));
  EXPECT_FALSE(contains_ignoring_case("fetch", "fetched"));
}

TEST(Lowercase, TouchesAsciiLettersOnly) {
  EXPECT_EQ(lowercase("ABC-Ü1"), "abc-Ü1");
}

}  // namespace
}  // namespace waybill::cli
