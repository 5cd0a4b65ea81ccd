#include <string_view>

#include <gtest/gtest.h>

#include <waybill/core/utf8.h>

namespace waybill {
namespace {

Utf8Step step(std::string_view text) {
  return utf8_step(text.data(), text.data() + text.size());
}

std::string encoded(std::uint32_t code_point) {
  std::string out;
  append_utf8(out, code_point);
  return out;
}

TEST(Utf8, StepsOverWellFormedCharacters) {
  for (const std::string_view text : {"a", "é", "東", "🌧", "\x7f", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(step(text).valid) << text;
    EXPECT_EQ(step(text).size, text.size()) << text;
  }
}

TEST(Utf8, RefusesWhatTable3Dash7DoesNotAllow) {
  for (const std::string_view bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe6\x9d", "\xf0\x9f\x8c", "\xc3z"}) {
    EXPECT_FALSE(step(bad).valid) << bad;
  }
}

TEST(Utf8, TakesACharacterCutShortAsOne) {
  EXPECT_EQ(step("\xe6\x9dz").size, 2U);
  EXPECT_EQ(step("\xf0\x9f\x8c").size, 3U);
  EXPECT_EQ(step("\xff\xff").size, 1U);
}

TEST(Utf8, WritesEveryLength) {
  EXPECT_EQ(encoded('a'), "a");
  EXPECT_EQ(encoded(0xe9), "é");
  EXPECT_EQ(encoded(0x6771), "東");
  EXPECT_EQ(encoded(0x1f327), "🌧");
  EXPECT_EQ(encoded(0xd800), "\xEF\xBF\xBD");
}

TEST(Utf8, ReplacesEachMalformedCharacter) {
  EXPECT_TRUE(is_utf8("Zürich"));
  EXPECT_TRUE(is_utf8(""));
  EXPECT_EQ(to_utf8("Zürich"), "Zürich");
  for (const auto& [text, valid] :
       {std::pair("a\xff"
                  "b",
                  "a\xef\xbf\xbd"
                  "b"),
        std::pair("\xe2\x82", "\xef\xbf\xbd"), std::pair("\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd")}) {
    EXPECT_FALSE(is_utf8(text)) << text;
    EXPECT_EQ(to_utf8(text), valid) << text;
  }
}

}  // namespace
}  // namespace waybill
