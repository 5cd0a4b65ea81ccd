#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/init/internal/bad_setting.h>

namespace waybill::internal {
namespace {

TEST(BadSetting, SaysWhatWhereTheValueAndWhatIsRight) {
  EXPECT_STREQ(bad_setting("log.level", "waybill.toml:3", "inof", "trace or debug").what(),
               "option 'log.level' (waybill.toml:3): 'inof' is not valid: expected trace or debug");
}

TEST(BadSetting, SuggestsTheNearestKey) {
  const std::vector<std::string_view> known = {"level", "levels", "format", "rotate_every"};
  EXPECT_STREQ(unknown_setting("log.fromat", "f.toml:1", "fromat", known).what(),
               "option 'log.fromat' (f.toml:1) is not known: did you mean 'format'?");
  EXPECT_EQ(nearest_name("levl", known), "level");
  EXPECT_EQ(nearest_name("rotate", known), "rotate_every");
  EXPECT_EQ(nearest_name("formatting", known), "format");
}

TEST(BadSetting, ListsTheKeysWhereNoneIsNear) {
  EXPECT_STREQ(unknown_setting("x", "f.toml:1", "x", {"level", "format"}).what(),
               "option 'x' (f.toml:1) is not known: there are level, format");
}

TEST(BadSetting, ShowsNothingThatMovesACursorOrForgesALine) {
  EXPECT_EQ(shown_setting("a\nb\x1b[2J\x7f"), "a\\x0ab\\x1b[2J\\x7f");
  EXPECT_EQ(shown_setting("\u0085\u2028\u202e\u200f\ufeff"),
            "\\xc2\\x85\\xe2\\x80\\xa8\\xe2\\x80\\xae\\xe2\\x80\\x8f\\xef\\xbb\\xbf");
  EXPECT_EQ(shown_setting("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(shown_setting("Grüße 世界"), "Grüße 世界");
}

TEST(BadSetting, CutsWhatIsLong) {
  EXPECT_EQ(shown_setting(std::string(300, 'a')), std::string(200, 'a') + "...");
  const Error reason(std::string(500, 'r'));
  EXPECT_THAT(bad_setting("o", "p", reason).what(), testing::HasSubstr(std::string(500, 'r')));
}

TEST(BadSetting, TellsItsPartsAsTheyWereGiven) {
  const Error error = bad_setting("log.level", "waybill.toml:3", "in\nof", "trace or debug");
  const InvalidOption* const invalid = error.invalid_option();
  ASSERT_NE(invalid, nullptr);
  EXPECT_EQ(invalid->option, "log.level");
  EXPECT_EQ(invalid->value, "in\nof");
  EXPECT_EQ(invalid->expected, "trace or debug");
}

RC_GTEST_PROP(BadSetting, ShowsAnyBytesAsOneLine, (const std::string& bytes)) {
  for (const char c : shown_setting(bytes)) {
    RC_ASSERT(static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  }
}

RC_GTEST_PROP(BadSetting, TakesAnyKey, (const std::string& key)) {
  const std::string_view nearest = nearest_name(key, {"level", "format"});
  RC_ASSERT(nearest.empty() || nearest == "level" || nearest == "format");
}

}  // namespace
}  // namespace waybill::internal
