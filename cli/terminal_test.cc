#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cli/styled_line.h>
#include <cli/terminal.h>

namespace waybill::cli {
namespace {

// A pseudo-terminal of 87 columns, a pipe, and an environment that says nothing about either.
class TerminalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::unsetenv("NO_COLOR");
    ::unsetenv("COLUMNS");
    ::setenv("TERM", "xterm", 1);
    ASSERT_EQ(::pipe(pipe_), 0);
    main_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    ASSERT_GE(main_, 0);
    ASSERT_EQ(::grantpt(main_), 0);
    ASSERT_EQ(::unlockpt(main_), 0);
    terminal_ = ::open(::ptsname(main_), O_RDWR | O_NOCTTY);
    ASSERT_GE(terminal_, 0);
    set_columns(87);
  }
  void TearDown() override {
    for (const int fd : {pipe_[0], pipe_[1], main_, terminal_}) ::close(fd);
  }
  void set_columns(unsigned short columns) {
    winsize size{};
    size.ws_col = columns;
    ASSERT_EQ(::ioctl(terminal_, TIOCSWINSZ, &size), 0);
  }

  int pipe_[2] = {-1, -1};
  int main_ = -1;
  int terminal_ = -1;
};

TEST_F(TerminalTest, ColoursOnATerminalOnly) {
  EXPECT_TRUE(detect_terminal(terminal_, ColourMode::kAuto).colour);
  EXPECT_FALSE(detect_terminal(pipe_[1], ColourMode::kAuto).colour);
  EXPECT_TRUE(detect_terminal(pipe_[1], ColourMode::kAlways).colour);
  EXPECT_FALSE(detect_terminal(terminal_, ColourMode::kNever).colour);
}

TEST_F(TerminalTest, RespectsNoColorAndDumbTerminals) {
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(detect_terminal(terminal_, ColourMode::kAuto).colour);
  EXPECT_TRUE(detect_terminal(terminal_, ColourMode::kAlways).colour);
  ::setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(detect_terminal(terminal_, ColourMode::kAuto).colour);
  ::setenv("TERM", "dumb", 1);
  EXPECT_FALSE(detect_terminal(terminal_, ColourMode::kAuto).colour);
}

TEST_F(TerminalTest, KeepsToATerminalsWidth) {
  const Terminal terminal = detect_terminal(terminal_, ColourMode::kAuto);
  EXPECT_EQ(terminal.width, 87U);
  EXPECT_TRUE(terminal.fits_width);
  set_columns(3);
  EXPECT_EQ(detect_terminal(terminal_, ColourMode::kAuto).width, 40U);
}

TEST_F(TerminalTest, GivesAPipeWholeLinesUnlessColumnsIsSet) {
  EXPECT_FALSE(detect_terminal(pipe_[1], ColourMode::kAuto).fits_width);
  ::setenv("COLUMNS", "72", 1);
  const Terminal terminal = detect_terminal(pipe_[1], ColourMode::kAuto);
  EXPECT_EQ(terminal.width, 72U);
  EXPECT_TRUE(terminal.fits_width);
}

TEST(Paint, WrapsTextInItsStyle) {
  std::string out;
  Paint(true).append(out, style::kRed, "red");
  Paint(true).append(out, "", " plain ");
  Paint(false).append(out, style::kRed, "none");
  EXPECT_EQ(out, "\x1b[31mred\x1b[0m plain none");
}

TEST(StyledLine, CountsColumnsNotBytes) {
  StyledLine line{Paint(true)};
  line.add(style::kRed, "日本");
  EXPECT_EQ(line.width(), 4U);
  line.pad_to(6);
  line.add({}, "x  ");
  EXPECT_EQ(line.take(), "\x1b[31m日本\x1b[0m  x\n");
  EXPECT_EQ(line.width(), 0U);
}

TEST(StyledLine, CutsWithAMark) {
  StyledLine line{Paint(false)};
  line.add_cut({}, "weather-fetcher", 8, "…");
  line.add_cut({}, "whole", 5, "…");
  line.add_cut({}, "nothing", 0, "...");
  EXPECT_EQ(line.take(), "weather…whole\n");
}

}  // namespace
}  // namespace waybill::cli
