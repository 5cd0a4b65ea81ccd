#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cli/testing.h>
#include <cli/time_merge.h>

namespace waybill::cli {
namespace {

using ::testing::ElementsAre;

std::string line(int second, const std::string& message) {
  return "{\"time\":\"1970-01-01T00:00:" + std::to_string(second + 10) + "Z\",\"message\":\"" +
         message + "\"}\n";
}

std::vector<std::string> merged(const std::vector<LogFile>& files,
                                const TimeMerge::RecordTest& test) {
  ReadCounts counts;
  TimeMerge merge(files, counts, test, {});
  std::vector<std::string> messages;
  for (Record record; merge.next(record);) messages.emplace_back(record.message);
  return messages;
}

TEST(TimeMerge, GivesAllFilesInTimeOrder) {
  const testing::TemporaryFolder folder;
  const std::vector<LogFile> files = {
      log_file(folder.write("a.log", line(1, "a1") + line(4, "a4") + line(5, "a5"))),
      log_file(folder.write("b.log", line(2, "b2") + line(4, "b4"))),
      log_file(folder.write("c.log", "")),
  };
  EXPECT_THAT(merged(files, [](const Record&) { return true; }),
              ElementsAre("a1", "b2", "a4", "b4", "a5"));
}

TEST(TimeMerge, PutsRightWhatIsSlightlyOutOfOrder) {
  const testing::TemporaryFolder folder;
  const std::vector<LogFile> files = {
      log_file(folder.write("a.log", line(3, "3") + line(1, "1") + line(2, "2")))};
  EXPECT_THAT(merged(files, [](const Record&) { return true; }), ElementsAre("1", "2", "3"));
}

TEST(TimeMerge, TakesOnlyWhatTheTestAccepts) {
  const testing::TemporaryFolder folder;
  const std::vector<LogFile> files = {
      log_file(folder.write("a.log", line(1, "no") + line(2, "yes") + line(3, "no")))};
  EXPECT_THAT(merged(files, [](const Record& r) { return r.message == "yes"; }),
              ElementsAre("yes"));
}

TEST(TimeMerge, LosesNothingBeyondItsWindow) {
  const testing::TemporaryFolder folder;
  std::string content;
  const int count = 3 * static_cast<int>(TimeMerge::kWindowRecords);
  for (int i = 0; i < count; ++i) content += line(i % 50, std::to_string(i));
  const std::vector<LogFile> files = {log_file(folder.write("a.log", content))};
  EXPECT_EQ(merged(files, [](const Record&) { return true; }).size(),
            static_cast<std::size_t>(count));
}

}  // namespace
}  // namespace waybill::cli
