#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/log/sink.h>

namespace waybill {
namespace {

namespace fs = std::filesystem;

class FileSinkTest : public testing::Test {
 protected:
  FileSinkTest() {
    std::string pattern = (fs::temp_directory_path() / "waybill-sink-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~FileSinkTest() override { fs::remove_all(folder_); }

  static std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path folder_;
};

TEST_F(FileSinkTest, MakesFoldersAndAppends) {
  const fs::path path = folder_ / "deep" / "er" / "app.log";
  EXPECT_TRUE(file_sink(path.string())->write("one\n"));
  EXPECT_TRUE(file_sink(path.string())->write("two\n"));
  EXPECT_EQ(content(path), "one\ntwo\n");
}

TEST_F(FileSinkTest, NamesThePathItCannotOpen) {
  try {
    file_sink(folder_.string());
    FAIL() << "a folder is no log file";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(folder_.string()), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("directory"), std::string::npos);
  }
}

TEST_F(FileSinkTest, KeepsLinesOfSeveralWritersWhole) {
  const fs::path path = folder_ / "shared.log";
  constexpr int kLines = 2'000;
  std::vector<std::thread> writers;
  for (const char mark : {'a', 'b', 'c'}) {
    writers.emplace_back([&path, mark] {
      const auto sink = file_sink(path.string());
      const std::string line = std::string(100, mark) + "\n";
      for (int i = 0; i < kLines; ++i) ASSERT_TRUE(sink->write(line));
    });
  }
  for (auto& writer : writers) writer.join();
  std::ifstream file(path);
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    ASSERT_EQ(line, std::string(100, line.at(0)));
  }
  EXPECT_EQ(lines, 3 * kLines);
}

TEST(FileSink, SaysWhenTheDiskIsFull) {
  EXPECT_FALSE(file_sink("/dev/full")->write("line\n"));
}

TEST(ConsoleSinks, OutliveTheReaderOfTheirPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);  // the only reader
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    const bool written = stdout_sink()->write("nobody reads this\n");
    _exit(written ? 1 : 0);
  }
  close(ends[1]);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "ended by a signal, or the line was taken for written";
}

TEST(ConsoleSinks, WriteToTheirStreams) {
  testing::internal::CaptureStdout();
  stdout_sink()->write("out\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "out\n");
  testing::internal::CaptureStderr();
  stderr_sink()->write("err\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "err\n");
}

}  // namespace
}  // namespace waybill
