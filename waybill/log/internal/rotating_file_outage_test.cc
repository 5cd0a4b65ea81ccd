#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <waybill/log/internal/descriptor.h>
#include <waybill/log/internal/rotating_file_fixture.h>
#include <waybill/log/internal/small_disk.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;
using RotatingFileOutage = RotatingFileTest;

TEST_F(RotatingFileOutage, OpensANewFileWhereAnotherProgramHasMovedIt) {
  RotatingFile file = open({});
  file.write("before\n", now_);
  std::filesystem::rename(path_, path_ + ".1");
  file.write("not noticed yet\n", now_);
  file.tick(now_ + 999ms);
  EXPECT_FALSE(std::filesystem::exists(path_));
  file.tick(now_ + 1s);
  file.write("after\n", now_ + 1s);
  EXPECT_EQ(content_of(path_ + ".1"), "before\nnot noticed yet\n");
  EXPECT_EQ(content_of(path_), "after\n");
}

TEST_F(RotatingFileOutage, OpensANewFileWhereItsFolderWasRemoved) {
  path_ = folder_ / "logs/app.log";
  RotatingFile file = open({});
  std::filesystem::remove_all(folder_ / "logs");
  file.tick(now_ + 1s);
  file.write("after\n", now_ + 1s);
  EXPECT_EQ(content_of(path_), "after\n");
}

TEST_F(RotatingFileOutage, DoesNotRotateWhatAnotherProgramHasPutThere) {
  RotatingFile file = open({.max_bytes = 10});
  file.write("1234567\n", now_);
  std::filesystem::rename(path_, path_ + ".1");
  file.write("abcdefg\n", now_);
  EXPECT_THAT(rotated(), SizeIs(0));
  EXPECT_EQ(content_of(path_ + ".1"), "1234567\n");
  EXPECT_EQ(content_of(path_), "abcdefg\n");
}

TEST_F(RotatingFileOutage, OpensAnewWhenAsked) {
  RotatingFile file = open({});
  file.write("before\n", now_);
  std::filesystem::rename(path_, path_ + ".1");
  reopen_log_files();
  file.write("after\n", now_);
  EXPECT_EQ(content_of(path_ + ".1"), "before\n");
  EXPECT_EQ(content_of(path_), "after\n");
}

TEST_F(RotatingFileOutage, WritesOnWhereItCannotBeRotatedAndSaysSoOnce) {
  path_ = folder_ / std::string(250, 'n');  // with anything behind it, too long for a name
  RotatingFile file = open({.max_bytes = 10});
  file.write("12345678\n", now_);
  const SinkResult first = file.write("one\ntwo\n", now_);
  EXPECT_EQ(first.written, 8U);
  EXPECT_EQ(first.error, std::errc::filename_too_long);
  for (const auto later : {1s, 9s, 10s, 25s}) {
    const SinkResult next = file.write("three\n", now_ + later);
    EXPECT_EQ(next.written, 6U);
    EXPECT_FALSE(next.error);
  }
  EXPECT_EQ(content_of(path_), "12345678\none\ntwo\nthree\nthree\nthree\nthree\n");
}

TEST_F(RotatingFileOutage, TriesToRotateAgainAfterTenSeconds) {
  RotatingFile file = open({.max_bytes = 10});
  file.write("12345678\n", now_);
  // What lies at the path is another file now, and cannot be opened.
  std::filesystem::rename(path_, path_ + ".moved");
  std::filesystem::create_directory(path_);
  EXPECT_EQ(file.write("one\n", now_).error, std::errc::is_a_directory);
  std::filesystem::remove(path_);
  EXPECT_FALSE(file.write("two\n", now_ + 9s).error);
  file.write("three\n", now_ + 10s);
  EXPECT_EQ(content_of(path_ + ".moved"), "12345678\none\ntwo\n");
  EXPECT_EQ(content_of(path_), "three\n");
}

TEST_F(RotatingFileOutage, MovesTheFileBackWhereNoNewOneCanBeOpened) {
  RotatingFile file = open({.max_bytes = 10});
  file.write("12345678\n", now_);
  rlimit before = {};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 0;
  setrlimit(RLIMIT_NOFILE, &none);
  const SinkResult result = file.write("one\n", now_);
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(result.written, 4U);
  EXPECT_EQ(result.error, std::errc::too_many_files_open);
  EXPECT_THAT(folder_.names(), ElementsAre("app.log"));
  EXPECT_EQ(content_of(path_), "12345678\none\n");
}

// Memory that may not shrink, with a limit on its size: a torn line that cannot be taken back.
TEST_F(RotatingFileOutage, CompletesATornLineBeforeItRotatesOrOpensAnew) {
  const Descriptor memory(memfd_create("torn", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK), 0);
  std::filesystem::create_symlink("/proc/self/fd/" + std::to_string(memory.get()), path_);
  RotatingFile file = open({.rotate_every = 1h});
  rlimit before = {};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 6;
  setrlimit(RLIMIT_FSIZE, &small);
  const SinkResult torn = file.write("one\ntwo\n", now_);
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(torn.written, 6U);
  EXPECT_EQ(torn.error, std::errc::file_too_large);
  std::filesystem::rename(path_, path_ + ".torn");
  reopen_log_files();
  file.tick(now_ + 1h);
  EXPECT_EQ(file.write("o\n", now_ + 1h).written, 2U);
  EXPECT_EQ(file.write("three\n", now_ + 1h).written, 6U);
  EXPECT_EQ(content_of(path_ + ".torn"), "one\ntwo\n");
  EXPECT_EQ(content_of(path_), "three\n");
}

// A disk that is full and freed again, now and then: every line is there, whole and in order.
TEST_F(RotatingFileOutage, WritesEachLineOnceAndWholeOnADiskThatIsFullAtTimes) {
  const SmallDisk disk(512 * 1024);
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs needs root";
  path_ = disk / "app.log";
  RotatingFile file = open({});
  std::string pending;
  std::string expected;
  int failures = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (i % 100 == 20) disk.fill_but(4'096);
    if (i % 100 == 60) disk.make_room();
    const std::string line = "line " + std::to_string(i) + ' ' + std::string(190, '.') + '\n';
    expected += line;
    pending += line;
    const SinkResult result = file.write(pending, now_);
    pending.erase(0, result.written);
    if (result.error) {
      ++failures;
      EXPECT_EQ(result.error, std::errc::no_space_on_device);
      EXPECT_EQ(content_of(path_).back(), '\n') << "torn";
    }
  }
  EXPECT_GT(failures, 10);
  EXPECT_EQ(pending, "");
  EXPECT_EQ(content_of(path_), expected);
}

}  // namespace
}  // namespace waybill::internal
