#include <gtest/gtest.h>

#include <cli/story_layout.h>
#include <cli/testing.h>

namespace waybill::cli {
namespace {

constexpr Nanoseconds kS = 1'000'000'000;

Story story_of_24_seconds() {
  return tell_story(testing::records_from(
      {R"({"time":"1970-01-01T00:00:10Z"})", R"({"time":"1970-01-01T00:00:34Z"})"}));
}

Hop hop_from(Nanoseconds start, Nanoseconds end) {
  Hop hop;
  hop.start = start;
  hop.end = end;
  return hop;
}

TEST(StoryLayout, DrawsAHopsPlaceInTheTrace) {
  Terminal terminal;
  terminal.ascii = true;
  const StoryLayout layout(story_of_24_seconds(), terminal);
  EXPECT_EQ(layout.bar(hop_from(10 * kS, 34 * kS)), "========================");
  EXPECT_EQ(layout.bar(hop_from(12 * kS, 15 * kS)), "  ===");
  EXPECT_EQ(layout.bar(hop_from(12 * kS, 12 * kS + 1)), "  =");
  EXPECT_EQ(layout.bar(hop_from(34 * kS, 34 * kS)), "                       *");
}

TEST(StoryLayout, LeavesTheBarsOutWhereThereIsNoRoom) {
  Terminal terminal;
  terminal.width = 60;
  const StoryLayout narrow(story_of_24_seconds(), terminal);
  EXPECT_EQ(narrow.bar(hop_from(10 * kS, 34 * kS)), "");
  EXPECT_EQ(narrow.bar_column(), 60U);

  const StoryLayout instant(tell_story(testing::records_from({"{}"})), {});
  EXPECT_EQ(instant.bar(hop_from(0, 0)), "");
}

TEST(StoryLayout, MakesRoomForTheLongestOffset) {
  const StoryLayout layout(story_of_24_seconds(), {});
  EXPECT_EQ(layout.offset(34 * kS), "+24.000 s");
  EXPECT_EQ(layout.offset_width(), 9U);
  EXPECT_EQ(layout.level_column(), 11U);
  EXPECT_EQ(layout.tree_column(), 18U);
}

TEST(StoryLayout, LeavesHalfOfTheWidthToTheText) {
  Terminal terminal;
  terminal.width = 60;
  EXPECT_EQ(StoryLayout(story_of_24_seconds(), terminal).deepest_shown(), 10U);
}

TEST(StoryGlyphs, AsciiIsAscii) {
  const StoryGlyphs& glyphs = story_glyphs(true);
  for (const std::string_view glyph : {glyphs.trunk, glyphs.branch, glyphs.last_branch, glyphs.bar,
                                       glyphs.instant, glyphs.ellipsis, glyphs.dot}) {
    for (const char c : glyph) EXPECT_TRUE(c >= ' ' && c <= '~');
  }
  EXPECT_EQ(story_glyphs(false).trunk, "│  ");
}

}  // namespace
}  // namespace waybill::cli
