#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/internal/percent.h>

namespace waybill::internal {
namespace {

std::string decoded(std::string_view text) {
  std::string out;
  return decode_percent(text, out) ? out : "malformed";
}

std::string encoded(std::string_view text, const CharSet& plain = kUnreserved) {
  std::string out;
  encode_percent(text, out, plain);
  return out;
}

TEST(Percent, DecodesHexDigitsOfEitherCase) {
  EXPECT_EQ(decoded("DF%2028"), "DF 28");
  EXPECT_EQ(decoded("%c3%A9%C3%a9"), "\u00e9\u00e9");
  EXPECT_EQ(decoded("%00x"), std::string("\0x", 2));
  EXPECT_EQ(decoded("%ff"), "\xff");
}

TEST(Percent, DecodesOnce) {
  EXPECT_EQ(decoded("val%252"), "val%2");
  EXPECT_EQ(decoded("%25252C"), "%252C");
}

TEST(Percent, LeavesEverythingElse) {
  EXPECT_EQ(decoded(""), "");
  EXPECT_EQ(decoded("a+b c\n\xff"), "a+b c\n\xff");
}

TEST(Percent, RefusesAPercentSignWithoutTwoHexDigits) {
  for (const std::string_view text :
       {"%", "a%", "%5", "a%5", "%5z", "%z5", "%%41", "% 41", "%-1", "%0x41", "ok%41%4"}) {
    EXPECT_EQ(decoded(text), "malformed") << text;
  }
}

TEST(Percent, EncodesInUppercase) {
  EXPECT_EQ(encoded("a b,\u00e9"), "a%20b%2C%C3%A9");
  EXPECT_EQ(encoded(std::string_view("\0\xff", 2)), "%00%FF");
  EXPECT_EQ(encoded("100%"), "100%25");
}

TEST(Percent, LeavesWhatIsPlain) {
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(encoded("aab", CharSet("a")), "aa%62");
}

TEST(Percent, Appends) {
  std::string out = "x";
  encode_percent(" ", out, kUnreserved);
  EXPECT_TRUE(decode_percent("%41", out));
  EXPECT_EQ(out, "x%20A");
}

TEST(CharSet, AddsAndTakesAway) {
  constexpr CharSet set = (CharSet::range('a', 'c') | CharSet("xyz")) - CharSet("by");
  EXPECT_TRUE(set.contains_all("acxz"));
  EXPECT_FALSE(set.contains('b'));
  EXPECT_FALSE(set.contains('y'));
  EXPECT_FALSE(set.contains_all("a\xff"));
  EXPECT_TRUE(CharSet::range(0, 255).contains('\xff'));
  EXPECT_TRUE(CharSet().contains_all(""));
}

RC_GTEST_PROP(Percent, DecodesWhatItEncoded, (const std::string& text)) {
  const std::string once = encoded(text);
  RC_ASSERT((kUnreserved | CharSet("%")).contains_all(once));
  RC_ASSERT(decoded(once) == text);
  RC_ASSERT(decoded(encoded(once)) == once);
}

}  // namespace
}  // namespace waybill::internal
