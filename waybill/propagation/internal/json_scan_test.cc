#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/propagation/internal/json_scan.h>

namespace waybill::internal {
namespace {

using testing::ElementsAre;
using testing::Pair;

bool is_value(std::string_view text) {
  const char* const end = text.data() + text.size();
  return skip_json_value(text.data(), end, kMaxJsonDepth) == end && !text.empty();
}

bool is_object(std::string_view text) {
  JsonObjectReader reader(text);
  JsonMember member;
  while (reader.next(&member)) {
  }
  return reader.is_valid();
}

std::string nested(int depth, std::string_view open, std::string_view close) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += open;
  text += '1';
  for (int i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(JsonScan, TakesEveryKindOfValue) {
  for (const std::string_view text : {"null",
                                      "true",
                                      "false",
                                      "0",
                                      "-0",
                                      "10",
                                      "-1.5",
                                      "0.25",
                                      "1e5",
                                      "1E+5",
                                      "1.5e-05",
                                      R"("")",
                                      R"("a")",
                                      R"("\"\\\/\b\f\n\r\t\u00e9\uD83d\ude00")",
                                      "\"\x7f\"",
                                      "\"\xc3\xa9\"",
                                      "[]",
                                      "{}",
                                      "[ ]",
                                      "{ }",
                                      "[1,[2,{}],3]",
                                      R"({"a":{"b":[null,true]},"a":2,"":3})",
                                      "\t[\n1\r,\t2 ]"}) {
    EXPECT_TRUE(is_value(text)) << text;
  }
}

TEST(JsonScan, RefusesWhatTheGrammarDoesNotAllow) {
  for (const std::string_view text : {"",
                                      " ",
                                      "nul",
                                      "True",
                                      "nulll",
                                      "+1",
                                      "01",
                                      "-",
                                      "1.",
                                      ".5",
                                      "1e",
                                      "1e+",
                                      "0x1",
                                      "NaN",
                                      "Infinity",
                                      "1 2",
                                      "'a'",
                                      "\"",
                                      "\"a",
                                      R"("\x")",
                                      R"("\u12g4")",
                                      R"("\u123)",
                                      R"("\)",
                                      "\"\n\"",
                                      "\"\t\"",
                                      "\"\x1f\"",
                                      "[",
                                      "]",
                                      "[1",
                                      "[1,",
                                      "[1,]",
                                      "[,1]",
                                      "[1 2]",
                                      "{",
                                      "}",
                                      R"({"a"})",
                                      R"({"a":})",
                                      R"({"a":1)",
                                      R"({"a":1,})",
                                      R"({,"a":1})",
                                      "{1:2}",
                                      "{a:1}",
                                      "[}",
                                      "{]",
                                      R"([{"a":1]})",
                                      R"({"a":1 "b":2})",
                                      R"({"a" 1})",
                                      R"({"a"::1})",
                                      "\xef\xbb\xbf{}",
                                      "// c\n1",
                                      "[1]]",
                                      "\f1"}) {
    EXPECT_FALSE(is_value(text)) << text;
  }
}

TEST(JsonScan, RefusesStringsThatAreNotUtf8) {
  for (const std::string_view text :
       {"\"\x80\"", "\"\xff\"", "\"\xc0\xaf\"", "\"\xe0\x80\xaf\"", "\"\xed\xa0\x80\"",
        "\"\xf4\x90\x80\x80\"", "\"\xc3\"", "\"\xe2\x82\"", "\"\xf0\x9f\x98\""}) {
    EXPECT_FALSE(is_value(text));
  }
}

TEST(JsonScan, FindsTheEndOfAStringAtAnyOffset) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string text = '"' + std::string(size, 'x') + '"';
    EXPECT_TRUE(is_value(text)) << size;
    for (const char bad : {'\n', '\xff'}) {
      for (std::size_t at = 1; at <= size; ++at) {
        std::string broken = text;
        broken[at] = bad;
        EXPECT_FALSE(is_value(broken)) << size << ' ' << at;
      }
    }
  }
}

TEST(JsonScan, BoundsNesting) {
  EXPECT_TRUE(is_value(nested(kMaxJsonDepth, "[", "]")));
  EXPECT_FALSE(is_value(nested(kMaxJsonDepth + 1, "[", "]")));
  EXPECT_TRUE(is_value(nested(kMaxJsonDepth, R"({"a":)", "}")));
  EXPECT_FALSE(is_value(nested(kMaxJsonDepth + 1, R"({"a":)", "}")));
  EXPECT_FALSE(is_value(std::string(1'000'000, '[')));
}

TEST(JsonScan, RemembersWhichBracketClosesWhat) {
  EXPECT_TRUE(is_value(R"([{"a":[{"b":[]}]},[[{}]]])"));
  EXPECT_FALSE(is_value(R"([{"a":[{"b":[]}}],[[{}]]])"));
}

TEST(JsonObjectReader, GivesMembersAsTheyAreSpelled) {
  const std::string_view text = " { \"a\" : 1.0 , \"\\u0062\":\t[ 1, 2 ] ,\"a\":\"x\" } ";
  JsonObjectReader reader(text);
  JsonMember member;
  std::vector<std::pair<std::string, std::string>> members;
  while (reader.next(&member)) members.emplace_back(member.key, member.value);
  EXPECT_TRUE(reader.is_valid());
  EXPECT_THAT(members,
              ElementsAre(Pair("a", "1.0"), Pair("\\u0062", "[ 1, 2 ]"), Pair("a", "\"x\"")));
}

TEST(JsonObjectReader, TellsWhereMembersStand) {
  const std::string_view text = R"({"a":1 , "b":"x"})";
  JsonObjectReader reader(text);
  JsonMember first;
  JsonMember second;
  ASSERT_TRUE(reader.next(&first) && reader.next(&second));
  EXPECT_EQ(first.comma, nullptr);
  EXPECT_EQ(second.comma, text.data() + 7);
  EXPECT_EQ(std::string_view(second.begin(), second.end()), R"("b":"x")");
  EXPECT_FALSE(first.is_string());
  EXPECT_TRUE(second.is_string());
  EXPECT_EQ(second.string(), "x");
}

TEST(JsonObjectReader, TakesOneWholeObject) {
  for (const std::string_view text : {"{}", " {\n} ", R"({"a":1})", R"({"a":{},"b":[]})"}) {
    EXPECT_TRUE(is_object(text)) << text;
  }
  for (const std::string_view text :
       {"", "[]", "1", "null", "{", "}", "{}{}", "{} x", R"({"a":1)", R"({"a":1,})", R"({"a":1}})",
        R"({"a":1,,"b":2})", R"({,})", R"({"a":1 "b":2})", R"({"a":1]})"}) {
    EXPECT_FALSE(is_object(text)) << text;
  }
}

TEST(JsonObjectReader, CountsItselfAndWhatItStandsInAsNesting) {
  const std::string deepest = nested(kMaxJsonDepth, R"({"a":)", "}");
  EXPECT_TRUE(is_object(deepest));
  EXPECT_FALSE(is_object(nested(kMaxJsonDepth + 1, R"({"a":)", "}")));
  JsonObjectReader inside(deepest, 1);
  JsonMember member;
  EXPECT_FALSE(inside.next(&member));
  EXPECT_FALSE(inside.is_valid());
}

}  // namespace
}  // namespace waybill::internal
