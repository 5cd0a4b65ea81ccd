#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/log/internal/rotated_files.h>
#include <waybill/log/internal/temporary_folder.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class RotatedFilesTest : public testing::Test {
 protected:
  void write(const std::string& name, std::size_t bytes = 1) {
    std::ofstream(folder_ / name) << std::string(bytes, 'x');
  }
  std::string move_away(RotatedFiles::Time now) {
    write("app.log");
    std::error_code error;
    const std::string path = files_.move_away(now, error);
    EXPECT_FALSE(error) << error.message();
    return std::filesystem::path(path).filename().string();
  }

  TemporaryFolder folder_;
  RotatedFiles files_{folder_ / "app.log"};
  RotatedFiles::Time now_ =
      std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 23h + 58min + 1s;
};

TEST_F(RotatedFilesTest, AreNamedByTheTime) {
  EXPECT_EQ(move_away(now_), "app.log.2026-11-20T23-58-01Z");
  EXPECT_THAT(folder_.names(), ElementsAre("app.log.2026-11-20T23-58-01Z"));
}

TEST_F(RotatedFilesTest, OfOneSecondAreNumbered) {
  EXPECT_EQ(move_away(now_), "app.log.2026-11-20T23-58-01Z");
  EXPECT_EQ(move_away(now_ + 1ms), "app.log.2026-11-20T23-58-01Z.000001");
  EXPECT_EQ(move_away(now_ + 2ms), "app.log.2026-11-20T23-58-01Z.000002");
  EXPECT_EQ(move_away(now_ + 1s), "app.log.2026-11-20T23-58-02Z");
}

TEST_F(RotatedFilesTest, StaySortedWhenTheClockIsSetBackALittle) {
  move_away(now_);
  EXPECT_EQ(move_away(now_ - 10min), "app.log.2026-11-20T23-58-01Z.000001");
  EXPECT_EQ(move_away(now_ - 2h), "app.log.2026-11-20T21-58-01Z");
}

TEST_F(RotatedFilesTest, AreNeverOverwritten) {
  // A folder of that name is no rotated file, but in the way.
  std::filesystem::create_directory(folder_ / "app.log.2026-11-20T23-58-01Z");
  EXPECT_EQ(move_away(now_), "app.log.2026-11-20T23-58-01Z.000001");
}

TEST_F(RotatedFilesTest, SayWhyTheLogFileCannotBeMoved) {
  std::error_code error;
  EXPECT_EQ(files_.move_away(now_, error), "");
  EXPECT_EQ(error, std::errc::no_such_file_or_directory);
}

TEST_F(RotatedFilesTest, MoveBackOnlyToAFreePlace) {
  write("app.log.2026-11-20T23-58-01Z", 3);
  files_.move_back(folder_ / "app.log.2026-11-20T23-58-01Z");
  EXPECT_THAT(folder_.names(), ElementsAre("app.log"));
  write("app.log.2026-11-20T23-58-01Z", 5);
  files_.move_back(folder_ / "app.log.2026-11-20T23-58-01Z");
  EXPECT_EQ(content_of(folder_ / "app.log").size(), 3U);
}

class Retained : public RotatedFilesTest {
 protected:
  Retained() {
    for (const char* day : {"17", "18", "19", "20"}) {
      write("app.log.2026-11-" + std::string(day) + "T00-00-00Z", 10);
    }
    write("app.log.2026-11-20T00-00-00Z.000001", 10);
  }
  std::size_t removed(const Retention& retention) {
    const std::size_t before = files_.list().size();
    files_.remove_old(retention, now_);
    const auto left = files_.list();
    EXPECT_TRUE(left.empty() || left.back().suffix == "2026-11-20T00-00-00Z.000001");
    return before - left.size();
  }
};

TEST_F(Retained, WithoutALimitAllStay) {
  EXPECT_EQ(removed({}), 0U);
}

TEST_F(Retained, ByNumber) {
  EXPECT_EQ(removed({.files = 5}), 0U);
  EXPECT_EQ(removed({.files = 2}), 3U);
}

TEST_F(Retained, BySize) {
  EXPECT_EQ(removed({.total_bytes = 50}), 0U);
  EXPECT_EQ(removed({.total_bytes = 49}), 1U);
  EXPECT_EQ(removed({.total_bytes = 25}), 2U);
}

TEST_F(Retained, ByAge) {
  EXPECT_EQ(removed({.age = 96h}), 0U);
  EXPECT_EQ(removed({.age = 48h}), 2U);
  EXPECT_EQ(removed({.age = 1s}), 3U);
}

TEST_F(Retained, NothingElseIsTouched) {
  const std::vector<std::string> others = {"app.log.1",
                                           "app.log.2026-11-17T00-00-00Z.gz",
                                           "app.log.2026-11-17T00-00-00Z.1",
                                           "app.log.2026-11-17T00-00-00",
                                           "app.log.2026-1a-17T00-00-00Z",
                                           "app.logs.2026-11-17T00-00-00Z",
                                           "other.log.2026-11-17T00-00-00Z"};
  for (const std::string& name : others) write(name);
  std::filesystem::create_directory(folder_ / "app.log.2026-11-16T00-00-00Z");
  std::filesystem::create_symlink("/etc/hostname", folder_ / "app.log.2026-11-15T00-00-00Z");
  std::filesystem::remove_all(folder_ / "app.log.2026-11-20T00-00-00Z.000001");
  files_.remove_old({.total_bytes = 1}, now_);
  std::vector<std::string> expected = others;
  expected.emplace_back("app.log.2026-11-16T00-00-00Z");
  expected.emplace_back("app.log.2026-11-15T00-00-00Z");
  EXPECT_THAT(folder_.names(), testing::UnorderedElementsAreArray(expected));
}

}  // namespace
}  // namespace waybill::internal
