#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/log/internal/descriptor.h>
#include <waybill/log/sink.h>

namespace waybill {
namespace {

// Standard output is the end of a pipe while this lives.
class OutputToPipe {
 public:
  explicit OutputToPipe(int flags) : before_(dup(STDOUT_FILENO)) {
    fflush(stdout);
    int ends[2];
    if (pipe2(ends, flags) != 0) std::abort();
    reader_ = internal::Descriptor(ends[0]);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
  }
  ~OutputToPipe() { dup2(before_.get(), STDOUT_FILENO); }

  std::size_t read_all() const {
    std::size_t all = 0;
    char buffer[65'536];
    for (ssize_t size = 0; (size = read(reader_.get(), buffer, sizeof buffer)) > 0;) {
      all += static_cast<std::size_t>(size);
    }
    return all;
  }
  void close_reader() { reader_ = internal::Descriptor(); }

 private:
  internal::Descriptor before_;
  internal::Descriptor reader_;
};

TEST(ConsoleSinks, WriteToTheirStreams) {
  testing::internal::CaptureStdout();
  stdout_sink()->write("out\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "out\n");
  testing::internal::CaptureStderr();
  stderr_sink()->write("err\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "err\n");
}

TEST(ConsoleSinks, OutliveTheReaderOfTheirPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);  // the only reader
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    const SinkResult result = stdout_sink()->write("nobody reads this\n");
    sigset_t pending;
    sigpending(&pending);
    const bool right = result.written == 0 && result.error == std::errc::broken_pipe &&
                       sigismember(&pending, SIGPIPE) == 0;
    _exit(right ? 0 : 1);
  }
  close(ends[1]);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "ended by a signal, or the line was taken for written";
}

TEST(ConsoleSinks, LeaveASignalThatWasPendingBefore) {
  OutputToPipe output(0);
  output.close_reader();
  sigset_t sigpipe;
  sigset_t before;
  sigemptyset(&sigpipe);
  sigaddset(&sigpipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
  pthread_kill(pthread_self(), SIGPIPE);
  stdout_sink()->write("nobody reads this\n");
  const timespec no_wait = {};
  EXPECT_EQ(sigtimedwait(&sigpipe, nullptr, &no_wait), SIGPIPE);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(ConsoleSinks, TakeAsMuchAsAFullPipeThatDoesNotBlock) {
  const OutputToPipe output(O_NONBLOCK);
  const auto sink = stdout_sink();
  const std::string lines(1'000'000, '\n');
  const SinkResult full = sink->write(lines);
  EXPECT_EQ(full.error, std::errc::resource_unavailable_try_again);
  EXPECT_GT(full.written, 0U);
  EXPECT_LT(full.written, lines.size());
  EXPECT_EQ(output.read_all(), full.written);
  const SinkResult next = sink->write("line\n");
  EXPECT_EQ(next.written, 5U);
  EXPECT_FALSE(next.error);
}

TEST(ConsoleSinks, DoNotWaitAgainForAPipeThatStaysFull) {
  const OutputToPipe output(O_NONBLOCK);
  const auto sink = stdout_sink();
  sink->write(std::string(1'000'000, '\n'));
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(sink->write("line\n").written, 0U);
  // One wait each would be a hundred seconds.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(50));
}

}  // namespace
}  // namespace waybill
