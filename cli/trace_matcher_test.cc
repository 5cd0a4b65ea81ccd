#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cli/trace_matcher.h>

namespace waybill::cli {
namespace {

using Match = TraceMatcher::Match;
using ::testing::ElementsAre;

constexpr std::string_view kHex = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view kUpper = "4BF92F3577B34DA6A3CE929D0E0E4736";
constexpr std::string_view kUuid = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";

TEST(TraceMatcher, TakesAllSpellingsOfAnIdAsOne) {
  for (const std::string_view given : {kHex, kUpper, kUuid}) {
    for (const std::string_view logged : {kHex, kUpper, kUuid}) {
      EXPECT_EQ(TraceMatcher(given).match(logged), Match::kYes) << given << ' ' << logged;
    }
    EXPECT_EQ(TraceMatcher(given).match("4bf92f3577b34da6a3ce929d0e0e4737"), Match::kNo);
    EXPECT_EQ(TraceMatcher(given).match("abc-123"), Match::kNo);
    EXPECT_EQ(TraceMatcher(given).match(""), Match::kNo);
  }
}

RC_GTEST_PROP(TraceMatcher, TakesANameAndItsIdAsOne, ()) {
  const auto name = *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange(' ', '~')));
  const TraceId id = TraceId::from_name(name);
  for (const std::string& given : {name, id.to_hex(), id.to_uuid()}) {
    for (const std::string& logged : {name, id.to_hex(), id.to_uuid()}) {
      RC_ASSERT(TraceMatcher(given).match(logged) == Match::kYes);
    }
    RC_ASSERT(TraceMatcher(given).match(name + "x") == Match::kNo);
  }
}

TEST(TraceMatcher, TakesEightDigitsOrMoreAsTheStartOfAnId) {
  for (const std::string_view given : {"4bf92f35", "4BF92F3577", "4bf92f35-77b3"}) {
    EXPECT_EQ(TraceMatcher(given).match(kHex), Match::kPrefix) << given;
    EXPECT_EQ(TraceMatcher(given).match(kUuid), Match::kPrefix) << given;
    EXPECT_EQ(TraceMatcher(given).match(given), Match::kYes) << given;
  }
  for (const std::string_view given : {"4bf92f3", "4bf92f36", "4bf92f3x"}) {
    EXPECT_EQ(TraceMatcher(given).match(kHex), Match::kNo) << given;
  }
  const std::string start = TraceId::from_name("abc-123").to_hex().substr(0, 12);
  EXPECT_EQ(TraceMatcher(start).match("abc-123"), Match::kPrefix);
}

TEST(TraceMatcher, TellsFromALineWhetherParsingIsWorthIt) {
  TraceMatcher by_id(kHex);
  EXPECT_TRUE(by_id.may_match(R"({"trace_id":"4BF92F3577B34DA6A3CE929D0E0E4736"})"));
  EXPECT_TRUE(by_id.may_match(R"({"trace":{"id":"whatever"}})"));
  EXPECT_TRUE(
      by_id.may_match(R"({"trace_id":"other","traceId":"4bf92f3577b34da6a3ce929d0e0e4736"})"));
  EXPECT_FALSE(by_id.may_match(R"({"message":"4bf92f3577b34da6a3ce929d0e0e4736"})"));
  EXPECT_FALSE(by_id.may_match(R"({"trace_id":"abc-123"})"));

  TraceMatcher by_name("projects/x");
  EXPECT_TRUE(by_name.may_match(R"({"trace_id":"projects/x"})"));
  EXPECT_FALSE(by_name.may_match(R"({"trace_id":"projects/y"})"));
}

TEST(TraceMatcher, RemembersWhatMayHaveBeenMeant) {
  TraceMatcher matcher("batch-job-2025");
  EXPECT_FALSE(matcher.may_match(R"({"trace_id":"batch-job-2025-10-21"})"));
  EXPECT_FALSE(matcher.may_match(R"({"trace_id":"batch-job-2025-10-21"})"));
  EXPECT_FALSE(matcher.may_match(R"({"trace_id":"BATCH"})"));
  EXPECT_FALSE(matcher.may_match(R"({"trace_id":"abc-123"})"));
  EXPECT_FALSE(matcher.may_match(R"({"message":"none"})"));
  EXPECT_THAT(matcher.similar(), ElementsAre("batch-job-2025-10-21", "BATCH"));
  EXPECT_EQ(matcher.lines_with_trace(), 4U);
}

TEST(TraceMatcher, KnowsNamesFromIds) {
  EXPECT_TRUE(is_trace_name("abc-123"));
  EXPECT_TRUE(is_trace_name("00000000000000000000000000000000"));
  EXPECT_FALSE(is_trace_name(kUuid));
  EXPECT_FALSE(is_trace_name(kUpper));
  EXPECT_FALSE(is_trace_name(""));
}

}  // namespace
}  // namespace waybill::cli
