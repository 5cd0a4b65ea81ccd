#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <cli/text_arena.h>

namespace waybill::cli {
namespace {

TEST(TextArena, KeepsEveryTextWhileItGrows) {
  TextArena arena;
  std::vector<std::string_view> texts;
  for (int i = 0; i < 1000; ++i) texts.push_back(arena.copy("text " + std::to_string(i)));
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(texts[i], "text " + std::to_string(i));
}

TEST(TextArena, JoinsThreeTexts) {
  TextArena arena;
  EXPECT_EQ(arena.join("http", ".", "status"), "http.status");
  EXPECT_EQ(arena.join("", "", ""), "");
}

TEST(TextArena, MovedTextsStayWhereTheyAre) {
  TextArena arena;
  const std::string_view text = arena.copy("short");
  const TextArena moved = std::move(arena);
  EXPECT_EQ(text, "short");
}

TEST(TextArena, ClearedItReusesItsMemory) {
  TextArena arena;
  const char* first = arena.copy("first").data();
  arena.clear();
  EXPECT_EQ(arena.copy("other").data(), first);
}

}  // namespace
}  // namespace waybill::cli
