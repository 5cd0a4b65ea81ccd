#include <gtest/gtest.h>

#include <waybill/log/level.h>
#include <waybill/log/severity.h>

namespace waybill {
namespace {

constexpr Level kLevels[] = {Level::kTrace, Level::kDebug, Level::kInfo,
                             Level::kWarn,  Level::kError, Level::kFatal};

TEST(SeverityNumber, OfEachLevelIsTheFirstOfItsName) {
  int expected = 1;
  for (const Level level : kLevels) {
    EXPECT_EQ(severity_number(level), expected);
    EXPECT_EQ(severity_short_name(expected), level_name(level));
    EXPECT_EQ(severity_number_from_text(level_name(level), SeverityDialect::kLog4j), expected);
    expected += 4;
  }
  EXPECT_EQ(severity_number(Level::kOff), 0);
}

TEST(SeverityNumber, IsBounded) {
  for (const int number : {-1, 0, 25, 1000}) {
    EXPECT_EQ(severity_short_name(number), "") << number;
    EXPECT_EQ(google_severity(number).name, "DEFAULT") << number;
  }
}

TEST(SeverityFromText, RefusesWhatTheDialectDoesNotHave) {
  EXPECT_EQ(severity_number_from_text("", SeverityDialect::kLog4j), std::nullopt);
  EXPECT_EQ(severity_number_from_text("NOTICE", SeverityDialect::kLog4j), std::nullopt);
  EXPECT_EQ(severity_number_from_text("100", SeverityDialect::kSyslog), std::nullopt);
  EXPECT_EQ(severity_number_from_text("bogus", SeverityDialect::kGoogleCloud), std::nullopt);
  EXPECT_EQ(severity_number_from_text("(", SeverityDialect::kSyslog), std::nullopt);
}

TEST(SeverityFromText, TakesNumbersOfAnySizeFromGoogle) {
  EXPECT_EQ(severity_number_from_text("99999999999999999999999999", SeverityDialect::kGoogleCloud),
            24);
  EXPECT_EQ(severity_number_from_text("-1", SeverityDialect::kGoogleCloud), std::nullopt);
}

TEST(LowercaseLevelName, IsTheNameInLowercase) {
  EXPECT_EQ(lowercase_level_name(Level::kWarn), "warn");
  EXPECT_EQ(lowercase_level_name(Level::kOff), "off");
}

}  // namespace
}  // namespace waybill
