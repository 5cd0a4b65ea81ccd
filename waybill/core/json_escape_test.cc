#include <string>
#include <utility>

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

TEST(JsonEscape, EscapesWhatEndsALineOrMovesACursorElsewhere) {
  EXPECT_EQ(escaped("\xc2\x80 \xc2\x85 \xc2\x9b"), "\\u0080 \\u0085 \\u009b");
  EXPECT_EQ(escaped("\xe2\x80\xa8 \xe2\x80\xa9"), "\\u2028 \\u2029");
  EXPECT_EQ(escaped("\xc2\xa0 \xe2\x80\xa7 \xe2\x80\xaa"), "\xc2\xa0 \xe2\x80\xa7 \xe2\x80\xaa");
}

TEST(JsonEscape, FindsTheOneThatIsNotPlainWhereverItStands) {
  for (std::size_t size = 1; size <= 70; ++size) {
    const std::string plain(size, 'x');
    EXPECT_EQ(escaped(plain), plain);
    for (std::size_t at = 0; at < size; ++at) {
      for (const auto& [character, escape] :
           {std::pair{'"', "\\\""}, std::pair{'\\', "\\\\"}, std::pair{'\0', "\\u0000"},
            std::pair{'\x7f', "\\u007f"}, std::pair{'\x80', "\xEF\xBF\xBD"}}) {
        std::string text = plain;
        text[at] = character;
        std::string expected = plain;
        EXPECT_EQ(escaped(text), expected.replace(at, 1, escape)) << size << ' ' << at;
      }
    }
  }
}

TEST(JsonEscape, StopsBeforeTheCharacterThatHasNoRoom) {
  const std::string text = std::string(20, 'a') + std::string(20, '\n');
  char room[kJsonEscapeRoom + 8];
  std::string whole;
  const char* p = text.data();
  for (const char* const end = p + text.size(); p != end;) {
    const JsonEscaped part = escape_json(p, end, room, room + sizeof room);
    ASSERT_NE(part.read, p);
    ASSERT_LE(part.written, room + sizeof room);
    whole.append(room, part.written);
    p = part.read;
  }
  EXPECT_EQ(whole, escaped(text));
  EXPECT_EQ(escape_json(text.data(), text.data() + 1, room, room + 3).read, text.data());
}

TEST(JsonEscape, AppendsAWholeString) {
  std::string out = "x";
  append_json_string(out, "a\"");
  EXPECT_EQ(out, "x\"a\\\"\"");
}

}  // namespace
}  // namespace waybill
