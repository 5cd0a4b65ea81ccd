#include <gtest/gtest.h>

#include <waybill/core/json_escape.h>
#include <waybill/core/utf8.h>

namespace waybill {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_json_escaped(out, text);
  return out;
}

TEST(JsonEscape, LeavesPlainTextAndUtf8Alone) {
  EXPECT_EQ(escaped("plain text / here"), "plain text / here");
  EXPECT_EQ(escaped("Zürich 東京 🌧"), "Zürich 東京 🌧");
}

TEST(JsonEscape, EscapesQuotesBackslashesAndControls) {
  EXPECT_EQ(escaped("a\"b\\c"), "a\\\"b\\\\c");
  EXPECT_EQ(escaped("line\nbreak\r\ttab"), "line\\nbreak\\r\\ttab");
  EXPECT_EQ(escaped(std::string_view("\0\x1b\x7f", 3)), "\\u0000\\u001b\\u007f");
}

TEST(JsonEscape, ReplacesEachByteThatIsNotUtf8) {
  EXPECT_EQ(escaped("a\xff\xfez"), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(escaped("cut \xe6\x9d"), "cut \xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(JsonEscape, AppendsAWholeString) {
  std::string out = "x";
  append_json_string(out, "a\"");
  EXPECT_EQ(out, "x\"a\\\"\"");
}

TEST(Utf8, KnowsTheLengthOfAWellFormedSequence) {
  EXPECT_EQ(utf8_sequence_length("a"), 1U);
  EXPECT_EQ(utf8_sequence_length("é"), 2U);
  EXPECT_EQ(utf8_sequence_length("東"), 3U);
  EXPECT_EQ(utf8_sequence_length("🌧"), 4U);
}

TEST(Utf8, RefusesWhatRfc3629DoesNotAllow) {
  for (const std::string_view bad :
       {"", "\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe6\x9d", "\xf0\x9f\x8c"}) {
    EXPECT_EQ(utf8_sequence_length(bad), 0U) << bad;
  }
}

}  // namespace
}  // namespace waybill
