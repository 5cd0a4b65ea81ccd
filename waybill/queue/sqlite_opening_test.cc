// Several processes start at once on a machine that has no queue file yet.

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue/queue.h>

namespace waybill::queue {
namespace {

constexpr int kProcesses = 6;
constexpr int kRounds = 60;

// In a child: opens the file as soon as the parent has closed its end of the pipe, and sends once.
[[noreturn]] void open_and_send(const std::string& url, int start) {
  char byte;
  static_cast<void>(!read(start, &byte, 1));
  try {
    open(url)->send({.body = "from a child"});
  } catch (const std::exception& error) {
    fprintf(stderr, "%s\n", error.what());
    _exit(1);
  }
  _exit(0);
}

TEST(SqliteQueueOpening, AnyNumberOfProcessesMayMakeTheFileAtTheSameTime) {
  const internal::TestDirectory directory;
  for (int round = 0; round < kRounds; ++round) {
    const std::string url = "sqlite:" + directory.file(std::to_string(round)) + "?queue=jobs";
    int start[2];
    ASSERT_EQ(pipe(start), 0);
    std::vector<pid_t> children;
    for (int i = 0; i < kProcesses; ++i) {
      const pid_t child = fork();
      if (child == 0) {
        close(start[1]);
        open_and_send(url, start[0]);
      }
      children.push_back(child);
    }
    close(start[0]);
    close(start[1]);
    for (const pid_t child : children) {
      int status = -1;
      ASSERT_EQ(waitpid(child, &status, 0), child);
      EXPECT_EQ(status, 0);
    }
    EXPECT_EQ(open(url)->counts().ready, std::size_t{kProcesses});
  }
}

}  // namespace
}  // namespace waybill::queue
