#include <csignal>
#include <map>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/log/file_sink.h>
#include <waybill/log/internal/line_output.h>
#include <waybill/log/internal/small_disk.h>
#include <waybill/log/internal/temporary_folder.h>

namespace waybill {
namespace {

using internal::content_of;
using namespace std::chrono_literals;

class FileSinkTest : public testing::Test {
 protected:
  internal::TemporaryFolder folder_;
  std::string path_ = folder_ / "app.log";
};

std::string error_of(FileSinkOptions options) {
  try {
    file_sink(std::move(options));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(FileSinkTest, MakesFoldersAndAppends) {
  path_ = folder_ / "deep/er/app.log";
  EXPECT_EQ(file_sink(path_)->write("one\n").written, 4U);
  EXPECT_EQ(file_sink(path_)->write("two\n").written, 4U);
  EXPECT_EQ(content_of(path_), "one\ntwo\n");
}

TEST_F(FileSinkTest, StaysInTheFolderThatItWasMadeIn) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  const auto sink = file_sink({.path = "app.log", .max_bytes = 5});
  std::filesystem::current_path(before);
  sink->write("one\ntwo\n");
  EXPECT_EQ(content_of(path_), "two\n");
  EXPECT_EQ(folder_.names().size(), 2U);
  EXPECT_THAT(sink->name(), testing::EndsWith(path_ + "'"));
}

TEST_F(FileSinkTest, NamesThePathItCannotOpen) {
  EXPECT_EQ(error_of({.path = folder_.path().string()}),
            "cannot open log file '" + folder_.path().string() + "': Is a directory");
  EXPECT_EQ(error_of({.path = ""}), "option 'path': '' is not valid: expected the path of a file");
}

TEST_F(FileSinkTest, RefusesOptionsThatCannotBeMet) {
  using testing::HasSubstr;
  EXPECT_THAT(error_of({.path = path_, .rotate_every = -1s}), HasSubstr("'rotate_every': '-1s'"));
  EXPECT_THAT(error_of({.path = path_, .rotate_every = 24h * 367}), HasSubstr("0 to 366 days"));
  EXPECT_THAT(error_of({.path = path_, .max_bytes = 1, .max_age = -1h}), HasSubstr("'max_age'"));
  EXPECT_THAT(error_of({.path = path_, .keep_files = 3}),
              HasSubstr("'keep_files': '3' is not valid: expected max_bytes or rotate_every"));
  EXPECT_THAT(error_of({.path = path_, .keep_total_bytes = 3}), HasSubstr("'keep_total_bytes'"));
  EXPECT_THAT(error_of({.path = path_, .max_age = 1h}), HasSubstr("'max_age'"));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(FileSinkTest, KeepsLinesOfSeveralThreadsWhole) {
  constexpr int kLines = 2'000;
  std::vector<std::thread> writers;
  for (const char mark : {'a', 'b', 'c'}) {
    writers.emplace_back([this, mark] {
      const auto sink = file_sink(path_);
      const std::string line = std::string(100, mark) + "\n";
      for (int i = 0; i < kLines; ++i) ASSERT_EQ(sink->write(line).written, line.size());
    });
  }
  for (auto& writer : writers) writer.join();
  std::ifstream file(path_);
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    ASSERT_EQ(line, std::string(100, line.at(0)));
  }
  EXPECT_EQ(lines, 3 * kLines);
}

TEST_F(FileSinkTest, KeepsLinesOfSeveralProcessesWholeAndInTheirOrder) {
  constexpr int kLines = 5'000;
  std::vector<pid_t> children;
  for (const char mark : {'a', 'b', 'c'}) {
    children.push_back(fork());
    if (children.back() != 0) continue;
    internal::LineOutput output(file_sink(path_));
    for (int i = 0; i < kLines; ++i) {
      output.buffer().append(std::to_string(i) + std::string(100, mark) + '\n');
      output.line_added();
      if (i % 17 == 0) output.write_out(std::chrono::steady_clock::now());
    }
    output.write_out(std::chrono::steady_clock::now());
    _exit(0);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }
  std::ifstream file(path_);
  std::map<char, int> next;
  for (std::string line; std::getline(file, line);) {
    const char mark = line.back();
    ASSERT_EQ(line, std::to_string(next[mark]++) + std::string(100, mark));
  }
  EXPECT_EQ(next, (std::map<char, int>{{'a', kLines}, {'b', kLines}, {'c', kLines}}));
}

// Two processes with one file on a disk that is full at times: none continues a torn line of the
// other's.
TEST_F(FileSinkTest, LeavesNoTornLineToOthersOnAFullDisk) {
  const internal::SmallDisk disk(64 * 1024);
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs needs root";
  path_ = disk / "app.log";
  const auto first = file_sink(path_);
  const auto second = file_sink(path_);
  disk.fill_but(4'096);
  const std::string line = std::string(999, '1') + '\n';
  std::string lines;
  for (int i = 0; i < 8; ++i) lines += line;
  const SinkResult result = first->write(lines);
  ASSERT_EQ(result.error, std::errc::no_space_on_device);
  disk.make_room();
  ASSERT_EQ(second->write("the other's\n").written, 12U);
  const std::string_view rest = std::string_view(lines).substr(result.written);
  ASSERT_EQ(first->write(rest).written, rest.size());
  EXPECT_EQ(content_of(path_),
            lines.substr(0, result.written) + "the other's\n" + std::string(rest));
}

TEST_F(FileSinkTest, SaysWhenTheDiskIsFull) {
  const SinkResult result = file_sink("/dev/full")->write("line\n");
  EXPECT_EQ(result.written, 0U);
  EXPECT_EQ(result.error, std::errc::no_space_on_device);
}

// In a process of its own: the handler is installed once in a process, and stays.
TEST_F(FileSinkTest, OpensANewFileOnSighupAndCallsTheHandlerBefore) {
  const pid_t child = fork();
  if (child == 0) {
    static volatile sig_atomic_t calls = 0;
    struct sigaction before = {};
    before.sa_handler = [](int) { calls = calls + 1; };
    sigaction(SIGHUP, &before, nullptr);
    const auto sink = file_sink({.path = path_, .reopen_on_sighup = true});
    const auto other = file_sink({.path = folder_ / "other", .reopen_on_sighup = true});
    sink->write("before\n");
    std::filesystem::rename(path_, path_ + ".1");
    raise(SIGHUP);
    sink->write("after\n");
    _exit(calls);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "ended by the signal";
  EXPECT_EQ(WEXITSTATUS(status), 1) << "calls of the handler before";
  EXPECT_EQ(content_of(path_ + ".1"), "before\n");
  EXPECT_EQ(content_of(path_), "after\n");
}

TEST_F(FileSinkTest, OutlivesSighupWhereNobodyHandledItBefore) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGHUP, SIG_DFL);
    const auto sink = file_sink({.path = path_, .reopen_on_sighup = true});
    raise(SIGHUP);
    _exit(sink->write("after\n").written == 6 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(FileSinkTest, OpensANewFileWithoutASignalToo) {
  const auto sink = file_sink(path_);
  sink->write("before\n");
  std::filesystem::rename(path_, path_ + ".1");
  reopen_log_files();
  sink->write("after\n");
  EXPECT_EQ(content_of(path_), "after\n");
}

}  // namespace
}  // namespace waybill
