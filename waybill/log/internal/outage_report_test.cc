#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <waybill/log/internal/line_output_fixture.h>

namespace waybill::internal {
namespace {

using std::chrono::milliseconds;
using OutageReportTest = LineOutputTest;

TEST_F(OutageReportTest, ReportsAnOutageInOneLineAndItsEndInAnother) {
  sink_->room = 0;
  for (int i = 0; i < 100; ++i) {
    add("12345678\n");
    write_out_after(milliseconds(500));
  }
  sink_->room = SIZE_MAX;
  write_out_after(milliseconds(5'000));
  EXPECT_EQ(report(),
            "waybill: a scripted sink takes no log records: No space left on device\n"
            "waybill: a scripted sink takes log records again; lost in the meantime: 78\n");
}

TEST_F(OutageReportTest, ReportsASinkThatFailsInTurnsOnceAMinute) {
  for (int i = 0; i < 59; ++i) {
    sink_->room = 0;
    add("line\n");
    write_out_after(milliseconds(0));
    sink_->room = SIZE_MAX;
    write_out_after(milliseconds(1'000));
  }
  const std::string reports = report();
  EXPECT_EQ(std::count(reports.begin(), reports.end(), '\n'), 2) << reports;
}

TEST_F(OutageReportTest, ReportsABusySinkOnlyWhenLinesAreLost) {
  sink_->failure = std::make_error_code(kAgain);
  sink_->room = 0;
  for (int i = 0; i < 50; ++i) add("12345678\n");
  EXPECT_EQ(report(),
            "waybill: a scripted sink takes no log records: Resource temporarily unavailable\n");
}

TEST_F(OutageReportTest, ReportsTroubleOfASinkThatTakesEverything) {
  sink_->trouble = std::make_error_code(std::errc::permission_denied);
  add("line\n");
  write_out_after(milliseconds(0));
  add("line\n");
  write_out_after(milliseconds(0));
  EXPECT_EQ(sink_->taken, "line\nline\n");
  EXPECT_EQ(output_.counters().failures, 2U);
  EXPECT_EQ(report(),
            "waybill: a scripted sink takes log records, but not without trouble: "
            "Permission denied\n");
}

TEST_F(OutageReportTest, DoesNotTellStandardErrorOfItsOwnFailure) {
  const auto sink = std::make_shared<ScriptedSink>("standard error");
  sink->room = 0;
  LineOutput output(sink);
  output.buffer().append("line\n");
  output.line_added();
  output.write_out(now_);
  EXPECT_EQ(report(), "");
}

TEST_F(OutageReportTest, ReportsNamesWithoutTheirControlCharacters) {
  const auto sink = std::make_shared<ScriptedSink>("file 'a\nwaybill: forged\x1b[2J'");
  sink->room = 0;
  LineOutput output(sink);
  output.buffer().append("line\n");
  output.line_added();
  output.write_out(now_);
  EXPECT_EQ(report(),
            "waybill: file 'a?waybill: forged?[2J' takes no log records: "
            "No space left on device\n");
}

}  // namespace
}  // namespace waybill::internal
