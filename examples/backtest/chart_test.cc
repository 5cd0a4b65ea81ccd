#include "chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backtest {
namespace {

using testing::HasSubstr;

TEST(Chart, DrawsALineFromEdgeToEdgeAndNamesIt) {
  const std::string drawn = svg({.label = "Equity",
                                 .dates = {"2000-12-29", "2001-01-02", "2001-01-03"},
                                 .lines = {{"a & b", "line hold", "run-1", {0, 50'000, 100'000}}}});
  EXPECT_THAT(drawn, HasSubstr(R"(points="58.0,274.0 503.0,142.0 948.0,10.0")"));
  EXPECT_THAT(drawn, HasSubstr("<title>a &amp; b</title>"));
  EXPECT_THAT(drawn, HasSubstr(R"(data-run="run-1")"));
  EXPECT_THAT(drawn, HasSubstr(">$100k</text>"));
  EXPECT_THAT(drawn, HasSubstr(">2001</text>"));
}

TEST(Chart, LongLinesAreThinnedOutButEndWhereTheyEnd) {
  std::vector<double> values(5000, 1);
  values.back() = 2;
  const std::string drawn = svg({.label = "Equity",
                                 .dates = std::vector<std::string>(5000, "2000-01-01"),
                                 .lines = {{"one", "line", "", values}},
                                 .per_cent = true});
  EXPECT_LT(drawn.size(), 12'000U);
  EXPECT_THAT(drawn, HasSubstr("948.0,10.0\""));
}

TEST(Chart, NothingInATextBecomesMarkup) {
  EXPECT_EQ(escaped(R"(<a href="x">&)"), "&lt;a href=&quot;x&quot;&gt;&amp;");
}

}  // namespace
}  // namespace backtest
