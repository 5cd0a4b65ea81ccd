#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/otlp/internal/delivery_report.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

std::vector<std::string>& lines() {
  static std::vector<std::string> lines;
  return lines;
}

class DeliveryReportTest : public testing::Test {
 protected:
  DeliveryReportTest() { lines().clear(); }

  DeliveryReport report_{"http://c", "spans",
                         [](std::string_view text) noexcept { lines().emplace_back(text); }};
  DeliveryReport::Time now_ = {};
};

TEST_F(DeliveryReportTest, SaysOnceThatTheCollectorIsAwayAndOnceThatItIsBack) {
  report_.delivered(0);
  report_.failed("Connection refused", 5, now_);
  report_.failed("Connection refused", 7, now_ + 1s);
  report_.delivered(9);
  report_.delivered(9);
  EXPECT_THAT(lines(), ElementsAre("OTLP collector 'http://c' takes no spans: Connection refused",
                                   "OTLP collector 'http://c' takes spans again; lost in the "
                                   "meantime: 4"));
}

TEST_F(DeliveryReportTest, DoesNotRepeatItselfWithinAMinute) {
  for (int i = 0; i < 10; ++i) {
    report_.failed("x", 0, now_ + i * 5s);
    report_.delivered(0);
  }
  EXPECT_EQ(lines().size(), 2U);
  report_.failed("x", 0, now_ + 60s);
  EXPECT_EQ(lines().size(), 3U);
}

TEST_F(DeliveryReportTest, TellsOfPartialSuccessOnce) {
  report_.partly_taken(3, "too old", now_);
  report_.partly_taken(4, "too old", now_ + 1s);
  report_.partly_taken(0, "slow down", now_ + 61s);
  EXPECT_THAT(lines(), ElementsAre("OTLP collector 'http://c' rejected 3 spans: too old",
                                   "OTLP collector 'http://c' warns: slow down"));
}

TEST(ReportLine, EscapesWhatACollectorMightPutIntoATerminal) {
  testing::internal::CaptureStderr();
  report_line("bad\x1b[2Jline\nwaybill: forged");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "waybill: bad?[2Jline?waybill: forged\n");
}

}  // namespace
}  // namespace waybill::internal
