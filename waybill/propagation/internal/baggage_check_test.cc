#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/baggage.h>
#include <waybill/propagation/internal/baggage_check.h>
#include <waybill/propagation/internal/baggage_reader.h>

namespace waybill::internal {
namespace {

// Both ways, which must agree.
bool is_plain(std::string_view header) {
  const bool plain = is_plain_baggage(header);
  EXPECT_EQ(is_plain_baggage_bytewise(header), plain) << header;
  return plain;
}

bool is_normal(std::string_view header) {
  return !header.empty() && header.size() <= Baggage::kMaxSize &&
         read_baggage_members(header).text == header;
}

TEST(PlainBaggage, IsWhatMostHeadersAre) {
  for (const std::string_view header :
       {"k=v", "k=v,k2=v2", "userId=alice,serverNode=DF%2028,isProduction=false",
        "a=,b=", "a=1;p;q=2;r=,b=3;s", "a==", "a=b=c;p==", "a=/:<>?@[](){}", "!#$&'*+-.^_`|~=1",
        "a=%41%2c;p=%2C"}) {
    EXPECT_TRUE(is_plain(header)) << header;
  }
}

TEST(PlainBaggage, IsNothingThatHasToBeChanged) {
  for (const std::string_view header :
       {"",         " ",        ",",         "a",         "a,",       "=",
        "=1",       "a=1,",     ",a=1",      "a=1,,",     "a=1,,b=2", "a=1;",
        "a=1;,b=2", "a=1;;p",   "a;p=1",     "a=1;=2",    "a =1",     "a= 1",
        "a=1 ",     " a=1",     "a=1, b=2",  "a=1\t",     "a/b=1",    "a=\"",
        "a=\\",     "a=%",      "a=%4",      "a=%4g,b=1", "a=1;p=%",  "a=1;p=%4,b",
        "a=1,b",    "a=1,b;c",  "a=1;p/",    "a=\n",      "a=\x7f",   "a=1\x80,b=2",
        "\xff=1",   "a=1;\xff", "a=\xc3\xa9"}) {
    EXPECT_FALSE(is_plain(header)) << header;
  }
}

// Whatever is at the seams of what is looked at in one go.
TEST(PlainBaggage, IsSeenAtEveryPlaceInALongHeader) {
  for (std::size_t before = 0; before < 150; ++before) {
    const std::string value(before, 'v');
    for (std::size_t after : {0, 1, 15, 16, 63, 64, 65}) {
      const std::string key(after, 'k');
      const std::string start = "a=" + value;
      EXPECT_TRUE(is_plain(start + ",b=%2C;p;q=" + key)) << before;
      EXPECT_TRUE(is_plain(start + ",b" + key + "=")) << before;
      EXPECT_TRUE(is_plain(start + ";p" + key)) << before;
      EXPECT_FALSE(is_plain(start + ",b" + key)) << before;
      EXPECT_FALSE(is_plain(start + ",b" + key + ";p")) << before;
      EXPECT_FALSE(is_plain(start + ",=" + key)) << before;
      EXPECT_FALSE(is_plain(start + "," + key + "/=1")) << before;
      EXPECT_FALSE(is_plain(start + ";p" + key + "/")) << before;
      EXPECT_FALSE(is_plain(start + " ,b=" + key)) << before;
      EXPECT_FALSE(is_plain(start + "%4" + key)) << before;
      EXPECT_FALSE(is_plain(start + key + ",")) << before;
      EXPECT_FALSE(is_plain(start + key + ";")) << before;
    }
  }
}

TEST(PlainBaggage, IsWithinTheLimits) {
  const std::string longest = "a=" + std::string(Baggage::kMaxSize - 2, 'v');
  EXPECT_TRUE(is_plain(longest));
  EXPECT_FALSE(is_plain(longest + 'v'));

  std::string most = "k=v";
  for (std::size_t i = 1; i < Baggage::kMaxMembers; ++i) most += ",k=v";
  EXPECT_TRUE(is_plain(most));
  EXPECT_FALSE(is_plain(most + ",k=v"));
}

// Few different characters, so that much of it is valid.
RC_GTEST_PROP(PlainBaggageProperty, IsNormalAndNormalIsPlain, ()) {
  const auto character = rc::gen::weightedElement<char>(
      {{20, 'k'}, {8, '='}, {4, ','}, {4, ';'}, {3, '/'}, {1, ' '}, {1, '\x80'}, {1, '"'}});
  const std::string header =
      "a=" + *rc::gen::scale(4.0, rc::gen::container<std::string>(character));
  RC_ASSERT(is_plain_baggage(header) == is_normal(header));
  RC_ASSERT(is_plain_baggage_bytewise(header) == is_normal(header));
}

RC_GTEST_PROP(PlainBaggageProperty, IsNormalWithEscapesToo, ()) {
  const auto character = rc::gen::weightedElement<char>(
      {{10, '4'}, {10, 'a'}, {3, '%'}, {3, '='}, {1, ','}, {1, ';'}, {1, 'g'}});
  const std::string header =
      "a=" + *rc::gen::scale(2.0, rc::gen::container<std::string>(character));
  const bool plain = is_plain_baggage(header);
  RC_ASSERT(is_plain_baggage_bytewise(header) == plain);
  RC_ASSERT(!plain || is_normal(header));
}

}  // namespace
}  // namespace waybill::internal
