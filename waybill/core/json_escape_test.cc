#include <gtest/gtest.h>

#include <waybill/core/json_escape.h>

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

TEST(JsonEscape, ReplacesWhatIsNotUtf8) {
  const std::string replacement = "\xEF\xBF\xBD";
  EXPECT_EQ(escaped("a\xff\xfez"), "a" + replacement + replacement + "z");
  EXPECT_EQ(escaped("cut \xe6\x9d"), "cut " + replacement) << "a character cut short is one";
  EXPECT_EQ(escaped("\xe2\"\xf0\x9f\n"), replacement + "\\\"" + replacement + "\\n");
}

TEST(JsonEscape, AppendsAWholeString) {
  std::string out = "x";
  append_json_string(out, "a\"");
  EXPECT_EQ(out, "x\"a\\\"\"");
}

}  // namespace
}  // namespace waybill
