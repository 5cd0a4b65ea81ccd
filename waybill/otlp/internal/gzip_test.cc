#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

#include <waybill/otlp/internal/gunzip.h>
#include <waybill/otlp/internal/gzip.h>

namespace waybill::internal {
namespace {

RC_GTEST_PROP(Gzip, GivesBackWhatItWasGiven, (const std::vector<std::string>& texts)) {
  Gzip gzip;
  WireBuffer compressed;
  for (const std::string& text : texts) {
    RC_ASSERT(gzip.compress(text, compressed));
    RC_ASSERT(gunzip(compressed.view()) == text);
  }
}

TEST(Gzip, MakesRepetitionSmall) {
  Gzip gzip;
  WireBuffer compressed;
  ASSERT_TRUE(gzip.compress(std::string(1'000'000, 'x'), compressed));
  EXPECT_LT(compressed.size(), 10'000U);
  ASSERT_TRUE(gzip.compress("", compressed));
  EXPECT_EQ(gunzip(compressed.view()), "");
}

}  // namespace
}  // namespace waybill::internal
