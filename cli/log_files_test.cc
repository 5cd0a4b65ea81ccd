#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cli/log_files.h>
#include <cli/testing.h>
#include <waybill/core/error.h>

namespace waybill::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> paths_of(const std::vector<std::string>& paths) {
  std::vector<std::string> unreadable;
  std::vector<std::string> found;
  for (const LogFile& file : find_log_files(paths, unreadable)) found.push_back(file.path);
  EXPECT_THAT(unreadable, IsEmpty());
  return found;
}

TEST(LogFiles, NamesAFileAfterItsService) {
  EXPECT_EQ(log_file("logs/weather-fetcher.log").name, "weather-fetcher");
  EXPECT_EQ(log_file("weather-fetcher.log.1").name, "weather-fetcher");
  EXPECT_EQ(log_file(".hidden.log").name, ".hidden");
  EXPECT_EQ(log_file("-").name, "stdin");
}

TEST(LogFiles, FindsLogsUnderAFolderByName) {
  const testing::TemporaryFolder folder;
  const std::string b = folder.write("b.log", "");
  const std::string a = folder.write("a.jsonl", "");
  const std::string deep = folder.write("x/y/deep.ndjson", "");
  const std::string json = folder.write("x/z.json", "");
  folder.write("readme.txt", "");
  EXPECT_THAT(paths_of({folder.path()}), ElementsAre(a, b, deep, json));
}

TEST(LogFiles, TakesAGivenFileWhateverItsName) {
  const testing::TemporaryFolder folder;
  const std::string file = folder.write("output.txt", "");
  EXPECT_THAT(paths_of({file, "-", "-"}), ElementsAre(file, "-"));
}

TEST(LogFiles, ReadsAFileOnceThatIsNamedTwice) {
  const testing::TemporaryFolder folder;
  const std::string file = folder.write("a.log", "");
  std::filesystem::create_symlink("a.log", folder.path() + "/b.log");
  EXPECT_THAT(paths_of({file, folder.path()}), ElementsAre(file));
}

TEST(LogFiles, DoesNotFollowLinksInACircle) {
  const testing::TemporaryFolder folder;
  const std::string file = folder.write("x/a.log", "");
  std::filesystem::create_directory_symlink("..", folder.path() + "/x/up");
  EXPECT_THAT(paths_of({folder.path()}), ElementsAre(file));
}

TEST(LogFiles, RefusesAPathThatDoesNotExist) {
  std::vector<std::string> unreadable;
  EXPECT_THROW(find_log_files({"/nowhere/at/all.log"}, unreadable), Error);
}

}  // namespace
}  // namespace waybill::cli
