#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cli/record_reader.h>
#include <cli/testing.h>

namespace waybill::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> messages_of(RecordReader& reader) {
  std::vector<std::string> messages;
  for (Record record; reader.next(record);) messages.emplace_back(record.message);
  return messages;
}

TEST(RecordReader, SkipsAndCountsWhatIsNoRecord) {
  const testing::TemporaryFolder folder;
  const LogFile file = log_file(folder.write(
      "a.log", "{\"message\":\"one\"}\nStarting up...\n\n  {\"message\":\"two\"}\n{broken\n[1]\n"));
  ReadCounts counts;
  {
    RecordReader reader(file, counts);
    EXPECT_THAT(messages_of(reader), ElementsAre("one", "two"));
  }
  EXPECT_EQ(counts.files, 1U);
  EXPECT_EQ(counts.records, 2U);
  EXPECT_EQ(counts.not_json, 3U);
  EXPECT_EQ(describe_skipped(counts), "3 lines were not JSON\n");
}

TEST(RecordReader, CountsButDoesNotParseWhatIsNotWorthIt) {
  const testing::TemporaryFolder folder;
  const LogFile file =
      log_file(folder.write("a.log", "{\"message\":\"one\"}\n{\"message\":\"two\"}\n"));
  ReadCounts counts;
  RecordReader reader(file, counts,
                      [](std::string_view line) { return line.find("two") != line.npos; });
  EXPECT_THAT(messages_of(reader), ElementsAre("two"));
  EXPECT_EQ(counts.records, 2U);
}

TEST(RecordReader, GivesARecordWithoutTimeThatOfTheOneBefore) {
  const testing::TemporaryFolder folder;
  const LogFile file =
      log_file(folder.write("a.log", "{\"time\":\"1970-01-01T00:00:05Z\"}\n{\"message\":\"m\"}\n"));
  ReadCounts counts;
  RecordReader reader(file, counts);
  Record record;
  ASSERT_TRUE(reader.next(record));
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.time, std::nullopt);
  EXPECT_EQ(record.order_time, 5'000'000'000);
}

TEST(RecordReader, CountsLinesThatAreTooLong) {
  const testing::TemporaryFolder folder;
  const LogFile file = log_file(folder.write(
      "a.log", "{\"message\":\"" + std::string(2 << 20, 'x') + "\"}\n{\"message\":\"short\"}\n"));
  ReadCounts counts;
  {
    RecordReader reader(file, counts);
    EXPECT_THAT(messages_of(reader), ElementsAre("short"));
  }
  EXPECT_EQ(describe_skipped(counts), "1 line was longer than 1 MiB and left out\n");
}

TEST(RecordReader, ReportsAFileThatCannotBeOpened) {
  const LogFile file = log_file("/nowhere/\x1b.log");
  ReadCounts counts;
  RecordReader reader(file, counts);
  EXPECT_THAT(messages_of(reader), IsEmpty());
  EXPECT_EQ(counts.files, 0U);
  EXPECT_THAT(describe_skipped(counts), HasSubstr("/nowhere/\\x1b.log: No such file"));
}

}  // namespace
}  // namespace waybill::cli
