#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/http/internal/target.h>

namespace waybill::http::internal {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::IsEmpty;
using testing::Optional;
using testing::Pair;

TEST(PercentDecoded, DecodesEscapes) {
  EXPECT_THAT(percent_decoded("a%20b%2fc%2F+"), Optional(Eq("a b/c/+")));
  EXPECT_THAT(percent_decoded(""), Optional(Eq("")));
}

TEST(PercentDecoded, RefusesMalformedEscapes) {
  for (const char* text : {"%", "a%2", "%zz", "%2g", "%%20"}) {
    EXPECT_EQ(percent_decoded(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(PercentDecoded, UndoesEncoding, (const std::string& text)) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  RC_ASSERT(percent_decoded(encoded) == text);
}

TEST(ParseQuery, SplitsAndDecodes) {
  EXPECT_THAT(
      parse_query("zip=94043&name=a+b%26c&flag&&empty=&=x&a=b=c&bad=%zz&cut=%2"),
      ElementsAre(Pair("zip", "94043"), Pair("name", "a b&c"), Pair("flag", ""), Pair("empty", ""),
                  Pair("", "x"), Pair("a", "b=c"), Pair("bad", "%zz"), Pair("cut", "%2")));
  EXPECT_THAT(parse_query(""), IsEmpty());
}

struct TargetCase {
  const char* target;
  const char* path;
  const char* query;
};

class ParseTarget : public testing::TestWithParam<TargetCase> {};

TEST_P(ParseTarget, SplitsPathAndQuery) {
  const auto target = parse_target(GetParam().target);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, GetParam().path);
  EXPECT_EQ(target->query, GetParam().query);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ParseTarget,
    testing::Values(TargetCase{"/", "/", ""}, TargetCase{"/jobs/7?full=1", "/jobs/7", "full=1"},
                    TargetCase{"/a?b?c", "/a", "b?c"}, TargetCase{"/a%2Fb", "/a%2Fb", ""},
                    TargetCase{"http://host:80/a?b", "/a", "b"}, TargetCase{"HTTP://host", "/", ""},
                    TargetCase{"http://host?b", "/", "b"}, TargetCase{"*", "*", ""}));

TEST(ParseTargetRefuses, WhatIsNoTarget) {
  for (const char* target : {"", "jobs", "?a", "host:80", "/%", "/%zz", "/a b", "/\x7f",
                             "/\xc3\xa4", "ftp://host/", "/a\r\nb"}) {
    EXPECT_EQ(parse_target(target).has_value(), false) << target;
  }
}

TEST(PathSegments, AreDecodedOneByOne) {
  EXPECT_THAT(path_segments("/"), IsEmpty());
  EXPECT_THAT(path_segments("/jobs/a%2Fb"), ElementsAre("jobs", "a/b"));
  EXPECT_THAT(path_segments("/jobs/"), ElementsAre("jobs", ""));
  EXPECT_THAT(path_segments("//"), ElementsAre("", ""));
}

}  // namespace
}  // namespace waybill::http::internal
