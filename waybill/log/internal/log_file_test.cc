#include <csignal>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/log/internal/log_file.h>
#include <waybill/log/internal/small_disk.h>
#include <waybill/log/internal/temporary_folder.h>

namespace waybill::internal {
namespace {

class LogFileTest : public testing::Test {
 protected:
  LogFile open() {
    std::error_code error;
    LogFile file = LogFile::open(path_, error);
    EXPECT_FALSE(error) << error.message();
    return file;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "app.log";
};

TEST_F(LogFileTest, AppendsAndCounts) {
  EXPECT_EQ(open().append("one\n").written, 4U);
  LogFile file = open();
  EXPECT_EQ(file.append("two\nthree\n").written, 10U);
  EXPECT_EQ(file.size(), 14U);
  EXPECT_EQ(content_of(path_), "one\ntwo\nthree\n");
}

TEST_F(LogFileTest, EndsTheLineThatACrashedProcessHasLeftTorn) {
  std::ofstream(path_) << "whole\ntor";
  LogFile file = open();
  file.append("next\n");
  EXPECT_EQ(content_of(path_), "whole\ntor\nnext\n");
  EXPECT_EQ(file.size(), content_of(path_).size());
}

TEST_F(LogFileTest, KnowsWhetherItIsStillAtItsPath) {
  const LogFile file = open();
  EXPECT_TRUE(file.is_at(path_));
  std::filesystem::rename(path_, path_ + ".1");
  EXPECT_FALSE(file.is_at(path_));
  std::ofstream(path_) << "another file\n";
  EXPECT_FALSE(file.is_at(path_));
  EXPECT_TRUE(file.is_at(path_ + ".1"));
}

TEST_F(LogFileTest, SaysWhyItCannotBeOpened) {
  std::error_code error;
  EXPECT_FALSE(LogFile::open(folder_.path().string(), error).is_open());
  EXPECT_EQ(error, std::errc::is_a_directory);
}

TEST_F(LogFileTest, DoesNotWaitForTheReaderOfANamedPipe) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  std::error_code error;
  EXPECT_FALSE(LogFile::open(path_, error).is_open());
  EXPECT_EQ(error, std::errc::no_such_device_or_address);
}

TEST_F(LogFileTest, ContinuesALineInAPipeThatWasFull) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  const Descriptor reader(::open(path_.c_str(), O_RDONLY | O_NONBLOCK));
  LogFile file = open();
  const std::string line = std::string(200'000, 'x') + '\n';
  SinkResult result = file.append(line);
  EXPECT_EQ(result.error, std::errc::resource_unavailable_try_again);
  EXPECT_TRUE(file.has_torn_line());
  std::size_t written = result.written;
  std::string read;
  while (written < line.size()) {
    char buffer[65'536];
    const ssize_t size = ::read(reader.get(), buffer, sizeof buffer);
    ASSERT_GT(size, 0);
    read.append(buffer, static_cast<std::size_t>(size));
    written += file.append(std::string_view(line).substr(written)).written;
  }
  EXPECT_FALSE(file.has_torn_line());
}

TEST_F(LogFileTest, TakesBackTheLineThatAFullDiskHasTorn) {
  const SmallDisk disk(64 * 1024);
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs needs root";
  path_ = disk / "app.log";
  LogFile file = open();
  disk.fill_but(4'096);
  const std::string line = std::string(999, 'x') + '\n';
  std::string lines;
  for (int i = 0; i < 10; ++i) lines += line;
  const SinkResult result = file.append(lines);
  EXPECT_EQ(result.error, std::errc::no_space_on_device);
  EXPECT_EQ(result.written, 4 * line.size());
  EXPECT_EQ(file.size(), 4 * line.size());
  EXPECT_FALSE(file.has_torn_line());
  EXPECT_EQ(content_of(path_), line + line + line + line);
}

// With a limit on the size of files a write behaves as on a full disk, and raises SIGXFSZ.
TEST_F(LogFileTest, OutlivesTheLimitOnTheSizeOfFiles) {
  const pid_t child = fork();
  if (child == 0) {
    rlimit limit = {.rlim_cur = 10, .rlim_max = RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::error_code error;
    LogFile file = LogFile::open(path_, error);
    const SinkResult first = file.append("12345\n12345\n");
    const SinkResult second = file.append("12345\n");
    const bool right = first.written == 6 && second.written == 0 &&
                       first.error == std::errc::file_too_large &&
                       second.error == std::errc::file_too_large;
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    _exit(right && file.append("12345\n").written == 6 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "ended by a signal, or wrong results";
  EXPECT_EQ(content_of(path_), "12345\n12345\n");
}

}  // namespace
}  // namespace waybill::internal
