#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cli/filter_lexer.h>

namespace waybill::cli {
namespace {

using Kind = FilterToken::Kind;
using ::testing::ElementsAre;

std::vector<Kind> kinds_of(std::string_view filter) {
  std::vector<Kind> kinds;
  for (const FilterToken& token : lex_filter(filter)) kinds.push_back(token.kind);
  return kinds;
}

TEST(FilterLexer, TellsWordsFromSigns) {
  EXPECT_THAT(
      kinds_of("a>=1 AND (b OR NOT \"c d\")"),
      ElementsAre(Kind::kText, Kind::kOperator, Kind::kText, Kind::kAnd, Kind::kOpen, Kind::kText,
                  Kind::kOr, Kind::kNot, Kind::kQuotedText, Kind::kClose, Kind::kEnd));
  EXPECT_THAT(kinds_of("  "), ElementsAre(Kind::kEnd));
}

TEST(FilterLexer, TakesAMinusAsNotOnlyBeforeATerm) {
  EXPECT_THAT(kinds_of("-a"), ElementsAre(Kind::kNot, Kind::kText, Kind::kEnd));
  EXPECT_THAT(kinds_of("a=-5"), ElementsAre(Kind::kText, Kind::kOperator, Kind::kText, Kind::kEnd));
  EXPECT_THAT(kinds_of("a-b - c"), ElementsAre(Kind::kText, Kind::kText, Kind::kText, Kind::kEnd));
}

TEST(FilterLexer, KeepsSignsInsideValues) {
  const auto tokens = lex_filter(R"(url=http://x/?a=b&c!=d q="a \"b\" \\")");
  EXPECT_EQ(tokens[2].text, "http://x/?a=b&c!=d");
  EXPECT_EQ(tokens[5].text, R"(a "b" \)");
}

TEST(FilterLexer, KnowsKeywordsInCapitalsOnlyAndNotAsValues) {
  EXPECT_THAT(kinds_of("or and not"),
              ElementsAre(Kind::kText, Kind::kText, Kind::kText, Kind::kEnd));
  EXPECT_THAT(kinds_of("a=OR \"NOT\""), ElementsAre(Kind::kText, Kind::kOperator, Kind::kText,
                                                    Kind::kQuotedText, Kind::kEnd));
}

TEST(FilterLexer, MarksAQuoteLeftOpen) {
  EXPECT_THAT(kinds_of("a=\"b c"),
              ElementsAre(Kind::kText, Kind::kOperator, Kind::kUnclosedQuote, Kind::kEnd));
}

TEST(FilterLexer, KnowsWhereEachTokenStands) {
  std::vector<std::size_t> positions;
  for (const FilterToken& token : lex_filter("a >= 1 b")) positions.push_back(token.position);
  EXPECT_THAT(positions, ElementsAre(0, 2, 5, 7, 8));
}

}  // namespace
}  // namespace waybill::cli
