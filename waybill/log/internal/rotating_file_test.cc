#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/rotating_file_fixture.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;

TEST_F(RotatingFileTest, RotatesBeforeTheLineThatWouldBeTooMuch) {
  RotatingFile file = open({.max_bytes = 10});
  EXPECT_EQ(file.write("1234\n", now_).written, 5U);
  EXPECT_EQ(file.write("5678\n", now_).written, 5U);
  EXPECT_THAT(rotated(), SizeIs(0));
  EXPECT_EQ(file.write("9\n", now_).written, 2U);
  EXPECT_THAT(rotated(), ElementsAre("1234\n5678\n"));
  EXPECT_EQ(content_of(path_), "9\n");
}

TEST_F(RotatingFileTest, SplitsABatchBetweenLines) {
  RotatingFile file = open({.max_bytes = 10});
  const std::string lines = "1\n22\n333\n4444\n55555\nsix is far too long\n7\n8\n";
  EXPECT_EQ(file.write(lines, now_).written, lines.size());
  EXPECT_THAT(rotated(), ElementsAre("1\n22\n333\n", "4444\n", "55555\n", "six is far too long\n"));
  EXPECT_EQ(content_of(path_), "7\n8\n");
}

TEST_F(RotatingFileTest, CountsWhatWasInTheFileBefore) {
  std::ofstream(path_) << "12345\n";
  RotatingFile file = open({.max_bytes = 10});
  file.write("6789\n", now_);
  EXPECT_THAT(rotated(), ElementsAre("12345\n"));
}

TEST_F(RotatingFileTest, RotatesAtMidnightUtc) {
  RotatingFile file = open({.rotate_every = 24h});
  file.write("before\n", now_);
  file.write("still before\n", now_ + 1min + 58s);
  EXPECT_THAT(rotated(), SizeIs(0));
  file.write("after\n", now_ + 1min + 59s);
  EXPECT_THAT(folder_.names(), ElementsAre("app.log", "app.log.2026-11-21T00-00-00Z"));
  EXPECT_THAT(rotated(), ElementsAre("before\nstill before\n"));
}

TEST_F(RotatingFileTest, RotatesAtTheFullHourWithoutALineToo) {
  RotatingFile file = open({.rotate_every = 1h});
  file.write("before\n", now_);
  file.tick(now_ + 1min + 58s);
  EXPECT_THAT(rotated(), SizeIs(0));
  file.tick(now_ + 1min + 59s);
  EXPECT_THAT(rotated(), ElementsAre("before\n"));
  EXPECT_EQ(content_of(path_), "");
}

TEST_F(RotatingFileTest, RotatesNoEmptyFile) {
  RotatingFile file = open({.rotate_every = 1h});
  for (int hour = 0; hour < 10; ++hour) file.tick(now_ + hour * 1h);
  file.write("first\n", now_ + 10h);
  EXPECT_THAT(folder_.names(), ElementsAre("app.log"));
}

TEST_F(RotatingFileTest, RotatesYesterdaysFileOfAProcessBefore) {
  std::ofstream(path_) << "yesterday\n";
  set_modified(now_ - 24h);
  RotatingFile file = open({.rotate_every = 24h});
  file.write("today\n", now_);
  EXPECT_THAT(rotated(), ElementsAre("yesterday\n"));
}

TEST_F(RotatingFileTest, KeepsTodaysFileOfAProcessBefore) {
  std::ofstream(path_) << "this morning\n";
  set_modified(now_ - 12h);
  RotatingFile file = open({.rotate_every = 24h});
  file.write("now\n", now_);
  EXPECT_EQ(content_of(path_), "this morning\nnow\n");
}

TEST_F(RotatingFileTest, GoesOnRotatingAfterTheClockWasFarAhead) {
  now_ += 24h * 365 * 70;
  RotatingFile file = open({.rotate_every = 1h});
  now_ -= 24h * 365 * 70;
  file.write("first\n", now_);
  file.write("second\n", now_ + 1h);
  EXPECT_THAT(rotated(), ElementsAre("first\n"));
}

TEST_F(RotatingFileTest, RemovesTheOldestWhenItRotates) {
  RotatingFile file = open({.max_bytes = 1, .keep_files = 2});
  for (const char* line : {"1\n", "2\n", "3\n", "4\n", "5\n"}) file.write(line, now_);
  EXPECT_THAT(rotated(), ElementsAre("3\n", "4\n"));
}

TEST_F(RotatingFileTest, RemovesTheOldestWhenItIsOpened) {
  for (const char* day : {"17", "18", "19"}) {
    std::ofstream(path_ + ".2026-11-" + day + "T00-00-00Z") << day;
  }
  open({.max_bytes = 1, .keep_files = 2});
  EXPECT_THAT(rotated(), ElementsAre("18", "19"));
}

TEST_F(RotatingFileTest, RemovesWhatIsTooOldWhileNothingIsWritten) {
  RotatingFile file = open({.rotate_every = 24h, .max_age = 48h});
  std::ofstream(path_ + ".2026-11-20T00-00-00Z") << "old";
  file.tick(now_ + 10min);
  EXPECT_THAT(rotated(), ElementsAre("old"));
  file.tick(now_ + 25h);
  EXPECT_THAT(rotated(), SizeIs(0));
}

TEST_F(RotatingFileTest, LosesNothingAndTearsNothingOfTwentyThousandLines) {
  RotatingFile file = open({.max_bytes = 50'000});
  std::string expected;
  std::string batch;
  for (int i = 0; i < 20'000; ++i) {
    batch +=
        "line " + std::to_string(i) + std::string(static_cast<std::size_t>(i % 37), '.') + '\n';
    if (i % 101 != 0 && i != 19'999) continue;
    ASSERT_EQ(file.write(batch, now_ += 10ms).written, batch.size());
    expected += batch;
    batch.clear();
  }
  const std::vector<std::string> parts = rotated();
  EXPECT_GT(parts.size(), 10U);
  for (const std::string& part : parts) {
    EXPECT_EQ(part.back(), '\n');
    EXPECT_LE(part.size(), 50'000U);
    EXPECT_GT(part.size(), 49'900U);
  }
  EXPECT_EQ(all_content(), expected);
}

TEST_F(RotatingFileTest, RotatesOnlyRegularFiles) {
  path_ = "/dev/null";
  EXPECT_THROW(open({.max_bytes = 10}), Error);
  EXPECT_NO_THROW(open({}));
}

TEST_F(RotatingFileTest, SynchronisesEachBatch) {
  RotatingFile file = open({.max_bytes = 10, .sync = FileSync::kEachBatch});
  EXPECT_FALSE(file.write("one\ntwo\nthree\n", now_).error);
  path_ = "/dev/null";  // cannot be synchronised, which is no error
  EXPECT_FALSE(open({.sync = FileSync::kEachBatch}).write("one\n", now_).error);
}

}  // namespace
}  // namespace waybill::internal
