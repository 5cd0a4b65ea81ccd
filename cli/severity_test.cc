#include <gtest/gtest.h>

#include <cli/severity.h>

namespace waybill::cli {
namespace {

TEST(Severity, ReadsTheSpellingsInUse) {
  const struct {
    std::string_view text;
    Severity severity;
  } kCases[] = {
      {"TRACE", Severity::kTrace},        {"debug", Severity::kDebug},
      {"Info", Severity::kInfo},          {"WARN", Severity::kWarn},
      {"warning", Severity::kWarn},       {"ERROR", Severity::kError},
      {"err", Severity::kError},          {"FATAL", Severity::kFatal},
      {"critical", Severity::kFatal},     {"30", Severity::kInfo},
      {"INFORMATIONAL", Severity::kInfo},
  };
  for (const auto& c : kCases) EXPECT_EQ(parse_severity(c.text), c.severity) << c.text;
}

TEST(Severity, RefusesWhatIsNoLevel) {
  for (const std::string_view text : {"", "banana", "INFORMATIONALLY", "5", "70", "30x", "-30"}) {
    EXPECT_EQ(parse_severity(text), std::nullopt) << text;
  }
}

TEST(Severity, ReadsBunyanNumbers) {
  EXPECT_EQ(severity_from_number(10), Severity::kTrace);
  EXPECT_EQ(severity_from_number(35), Severity::kInfo);
  EXPECT_EQ(severity_from_number(60), Severity::kFatal);
  EXPECT_EQ(severity_from_number(9), std::nullopt);
  EXPECT_EQ(severity_from_number(70), std::nullopt);
}

TEST(Severity, NamesComeBackAsTheyWere) {
  for (const Severity s : {Severity::kTrace, Severity::kDebug, Severity::kInfo, Severity::kWarn,
                           Severity::kError, Severity::kFatal}) {
    EXPECT_EQ(parse_severity(severity_name(s)), s);
  }
  EXPECT_EQ(severity_name(Severity::kNone), "");
}

TEST(Severity, RanksFromTraceToFatal) {
  EXPECT_LT(Severity::kNone, Severity::kTrace);
  EXPECT_LT(Severity::kInfo, Severity::kWarn);
  EXPECT_LT(Severity::kError, Severity::kFatal);
}

}  // namespace
}  // namespace waybill::cli
