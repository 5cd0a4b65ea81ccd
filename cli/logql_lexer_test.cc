#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cli/logql_lexer.h>

namespace waybill::cli {
namespace {

using Kind = LogqlToken::Kind;
using ::testing::ElementsAre;

std::vector<Kind> kinds_of(std::string_view query) {
  std::vector<Kind> kinds;
  for (const LogqlToken& token : lex_logql(query)) kinds.push_back(token.kind);
  return kinds;
}

std::vector<std::string> texts_of(std::string_view query) {
  std::vector<std::string> texts;
  for (const LogqlToken& token : lex_logql(query)) texts.push_back(token.text);
  texts.pop_back();  // of the end
  return texts;
}

TEST(LogqlLexer, TellsNamesNumbersStringsAndSigns) {
  EXPECT_THAT(kinds_of(R"({a="b"} | c >= -1.5)"),
              ElementsAre(Kind::kSign, Kind::kName, Kind::kSign, Kind::kString, Kind::kSign,
                          Kind::kSign, Kind::kName, Kind::kSign, Kind::kNumber, Kind::kEnd));
  EXPECT_THAT(kinds_of(" \n"), ElementsAre(Kind::kEnd));
}

TEST(LogqlLexer, TakesTheLongestSign) {
  EXPECT_THAT(texts_of("|=|~|!=!~==>=<=>=~"),
              ElementsAre("|=", "|~", "|", "!=", "!~", "==", ">=", "<=", ">=", "~"));
}

TEST(LogqlLexer, KeepsAUnitWithItsNumberAndDotsInKeys) {
  EXPECT_THAT(texts_of("http.route 500ms 1.5"), ElementsAre("http.route", "500ms", "1.5"));
}

TEST(LogqlLexer, ReadsEscapesInDoubleQuotesAndNoneInBackticks) {
  EXPECT_THAT(texts_of(R"("a \"b\" \\ \n" `c "d" \n`)"),
              ElementsAre("a \"b\" \\ \n", R"(c "d" \n)"));
  EXPECT_THAT(kinds_of(R"("\w")"), ElementsAre(Kind::kUnknown, Kind::kEnd));
}

TEST(LogqlLexer, LeavesCommentsOut) {
  EXPECT_THAT(texts_of("{ # all of it\n} # and the end"), ElementsAre("{", "}"));
  EXPECT_THAT(texts_of("\"#1\""), ElementsAre("#1"));
}

TEST(LogqlLexer, StopsAtWhatItCannotRead) {
  EXPECT_THAT(kinds_of("a \"b c"), ElementsAre(Kind::kName, Kind::kUnclosedString, Kind::kEnd));
  EXPECT_THAT(kinds_of("a $ b"), ElementsAre(Kind::kName, Kind::kUnknown, Kind::kEnd));
}

TEST(LogqlLexer, KnowsWhereEachTokenStands) {
  std::vector<std::size_t> positions;
  for (const LogqlToken& token : lex_logql("{a} |= `b`")) positions.push_back(token.position);
  EXPECT_THAT(positions, ElementsAre(0, 1, 2, 4, 7, 10));
}

}  // namespace
}  // namespace waybill::cli
