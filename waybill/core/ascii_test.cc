#include <gtest/gtest.h>

#include <waybill/core/ascii.h>

namespace waybill::ascii {
namespace {

TEST(Ascii, FoldsItsOwnLettersAlone) {
  EXPECT_EQ(lowercase("OTEL_Traces-42 \xc3\x84"), "otel_traces-42 \xc3\x84");
  EXPECT_EQ(uppercase('z'), 'Z');
  EXPECT_EQ(uppercase('['), '[');
  EXPECT_EQ(lowercase('@'), '@');
}

TEST(Ascii, ComparesWhateverTheCase) {
  EXPECT_TRUE(same_ignoring_case("Content-Type", "content-type"));
  EXPECT_FALSE(same_ignoring_case("Content-Type", "content-typ"));
  EXPECT_FALSE(same_ignoring_case("a[", "a{"));
  EXPECT_TRUE(same_ignoring_case("", ""));
}

TEST(Ascii, TrimsBothEnds) {
  EXPECT_EQ(trimmed(" \t a b\t "), "a b");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed("\ta ", " "), "\ta");
}

}  // namespace
}  // namespace waybill::ascii
