#include <barrier>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/bridges/stdio.h>
#include <waybill/core/core.h>
#include <waybill/core/sanitizers.h>
#include <waybill/log/internal/memory_sink.h>
#include <waybill/log/log.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class StdioCaptureTest : public testing::Test {
 protected:
  void SetUp() override {
    configure_logging(
        {.outputs = {
             {text_format({.pattern = "{level} {logger} [{trace_id}] {message}"}), sink_}}});
  }
  void TearDown() override { configure_logging({}); }

  std::vector<std::string> lines() { return sink_->take(); }

  std::shared_ptr<internal::MemorySink> sink_ = std::make_shared<internal::MemorySink>();
};

TEST_F(StdioCaptureTest, LinesOfStreamsAreRecordsUnderTheContextOfTheirThread) {
  const StdioCapture capture;
  const Scope scope{Context::new_trace({.name = "abc-123"})};
  std::cout << "Fetching " << 98101 << std::endl;
  std::cerr << "cannot " << 1.5 << '\n';
  std::clog << "one\ntwo\n";
  EXPECT_THAT(lines(), ElementsAre("INFO stdout [abc-123] Fetching 98101\n",
                                   "WARN stderr [abc-123] cannot 1.5\n",
                                   "WARN stderr [abc-123] one\n", "WARN stderr [abc-123] two\n"));
}

TEST_F(StdioCaptureTest, LinesOfCsFunctionsToo) {
  const StdioCapture capture;
  const Scope scope{Context::new_trace({.name = "abc-123"})};
  std::printf("%d stations", 3);
  std::putchar('\n');
  std::puts("puts");
  std::fprintf(stderr, "%s\n", "fprintf");
  errno = ENOENT;
  std::perror("perror");
  EXPECT_THAT(lines(),
              ElementsAre("INFO stdout [abc-123] 3 stations\n", "INFO stdout [abc-123] puts\n",
                          "WARN stderr [abc-123] fprintf\n",
                          "WARN stderr [abc-123] perror: No such file or directory\n"));
}

TEST_F(StdioCaptureTest, OneThreadsPiecesOfALineDoNotMixWithAnothers) {
  constexpr int kThreads = 8;
  constexpr int kLines = 2'000;
  {
    const StdioCapture capture;
    std::barrier start(kThreads);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&start, t] {
        const std::string name = "trace-" + std::to_string(t);
        const Scope scope{Context::new_trace({.name = name})};
        start.arrive_and_wait();
        for (int i = 0; i < kLines; ++i) {
          if (i % 2 == 0) {
            std::clog << name << ' ' << i << '\n';
          } else {
            std::fputs(name.c_str(), stderr);
            std::fprintf(stderr, " %d", i);
            std::fputc('\n', stderr);
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const std::vector<std::string> all = lines();
  ASSERT_EQ(all.size(), kThreads * kLines);
  std::vector<int> next(kThreads);
  for (const std::string& line : all) {
    const auto t =
        static_cast<std::size_t>(line.at(std::string("WARN stderr [trace-").size()) - '0');
    ASSERT_LT(t, next.size());
    const std::string name = "trace-" + std::to_string(t);
    ASSERT_EQ(line, "WARN stderr [" + name + "] " + name + " " + std::to_string(next[t]++) + "\n");
  }
}

TEST_F(StdioCaptureTest, ALineHasTheContextOfItsNewline) {
  const StdioCapture capture;
  std::cout << "begun, ";
  {
    const Scope scope{Context::new_trace({.name = "abc-123"})};
    std::cout << "ended\n";
  }
  std::cout << "without\n";
  EXPECT_THAT(lines(),
              ElementsAre("INFO stdout [abc-123] begun, ended\n", "INFO stdout [-] without\n"));
}

TEST_F(StdioCaptureTest, AnUnfinishedLineEndsWithItsThread) {
  const StdioCapture capture;
  std::thread([] {
    const Scope scope{Context::new_trace({.name = "abc-123"})};
    std::cout << "to stdout";
    std::fputs("to stderr", stderr);
  }).join();
  EXPECT_THAT(lines(), ElementsAre("INFO stdout [abc-123] to stdout\n",
                                   "WARN stderr [abc-123] to stderr\n"));
}

TEST_F(StdioCaptureTest, AThreadCanPrintAtItsVeryEnd) {
  struct PrintsAtTheEnd {
    ~PrintsAtTheEnd() { std::cout << "one\ntwo"; }
  };
  const StdioCapture capture;
  std::thread([] {
    thread_local const PrintsAtTheEnd first;  // ends last
    static_cast<void>(&first);
    std::cout << "before\n";
  }).join();
  EXPECT_THAT(lines(), ElementsAre("INFO stdout [-] before\n", "INFO stdout [-] one\n",
                                   "INFO stdout [-] two\n"));
}

TEST_F(StdioCaptureTest, UnfinishedLinesOfAllThreadsEndWithTheCapture) {
  std::barrier printed(2);
  std::barrier ended(2);
  auto capture = std::make_unique<StdioCapture>();
  std::thread thread([&] {
    const Scope scope{Context::new_trace({.name = "its own"})};
    std::cout << "another thread's";
    printed.arrive_and_wait();
    ended.arrive_and_wait();
  });
  {
    const Scope scope{Context::new_trace({.name = "abc-123"})};
    std::cout << "this thread's";
  }
  printed.arrive_and_wait();
  capture.reset();
  EXPECT_THAT(lines(), UnorderedElementsAre("INFO stdout [its own] another thread's\n",
                                            "INFO stdout [abc-123] this thread's\n"));
  ended.arrive_and_wait();
  thread.join();
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(StdioCaptureTest, GivesTheStreamsBack) {
  std::streambuf* const cout = std::cout.rdbuf();
  std::streambuf* const clog = std::clog.rdbuf();
  FILE* const out = stdout;
  FILE* const err = stderr;
  for (int i = 0; i < 2; ++i) {
    {
      const StdioCapture capture;
      EXPECT_NE(std::cout.rdbuf(), cout);
      EXPECT_NE(stdout, out);
    }
    EXPECT_EQ(std::cout.rdbuf(), cout);
    EXPECT_EQ(std::clog.rdbuf(), clog);
    EXPECT_EQ(stdout, out);
    EXPECT_EQ(stderr, err);
  }
}

// A thread may have looked up stdout, or be in the midst of <<, when the capture ends.
TEST_F(StdioCaptureTest, WhatIsStillPrintedToItGoesWhereItAlwaysWent) {
  FILE* captured_stdout = nullptr;
  std::streambuf* captured_cout = nullptr;
  testing::internal::CaptureStdout();
  {
    const StdioCapture capture;
    captured_stdout = stdout;
    captured_cout = std::cout.rdbuf();
  }
  std::fputs("late ", captured_stdout);
  std::ostream(captured_cout) << "text" << std::flush;
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "late text");
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(StdioCaptureTest, ChoosesStreamsLoggersAndLevels) {
  testing::internal::CaptureStderr();
  {
    const StdioCapture capture(
        {.output_logger = "old", .output_level = Level::kError, .standard_error = false});
    std::cout << "m\n";
    std::clog << "not captured\n";
    std::fputs("either\n", stderr);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "not captured\neither\n");
  EXPECT_THAT(lines(), ElementsAre("ERROR old [-] m\n"));
}

TEST_F(StdioCaptureTest, EmptyLinesAndCarriageReturnsMakeNoRecords) {
  const StdioCapture capture;
  std::cout << "\n\n";
  std::printf("dos\r\n\r\n");
  EXPECT_THAT(lines(), ElementsAre("INFO stdout [-] dos\n"));
}

TEST_F(StdioCaptureTest, CutsLongLinesBetweenCharacters) {
  const StdioCapture capture({.longest_line = 64});
  const std::string text = std::string(62, 'a') + "\xe2\x82\xac" + std::string(60, 'b');
  std::cout << text << '\n';
  std::cout << std::string(64, 'c') << '\n';
  for (int i = 0; i < 100; ++i) std::putchar('d');
  std::putchar('\n');
  EXPECT_THAT(lines(), ElementsAre("INFO stdout [-] " + std::string(62, 'a') + "\n",
                                   "INFO stdout [-] \xe2\x82\xac" + std::string(60, 'b') + "\n",
                                   "INFO stdout [-] " + std::string(64, 'c') + "\n",
                                   "INFO stdout [-] " + std::string(64, 'd') + "\n",
                                   "INFO stdout [-] " + std::string(36, 'd') + "\n"));
}

TEST_F(StdioCaptureTest, TextWithoutUtf8IsCutAsWell) {
  const StdioCapture capture({.longest_line = 64});
  std::cout << std::string(100, '\x80') << '\n';
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(StdioCaptureTest, PrintedTextCannotForgeARecord) {
  const StdioCapture capture;
  std::cout << "a\x1b[2J\rb\n" << std::string("a\0b\n", 4);
  EXPECT_THAT(lines(), ElementsAre("INFO stdout [-] a\\x1b[2J\\rb\n", "INFO stdout [-] a\\x00b\n"));
}

TEST_F(StdioCaptureTest, IsRefusedForBadOptionsAndASecondTime) {
  EXPECT_THROW(StdioCapture({.longest_line = 63}), Error);
  EXPECT_THROW(StdioCapture({.longest_line = (1U << 20) + 1}), Error);
  const StdioCapture capture;
  EXPECT_THROW(StdioCapture{}, Error);
}

// A sink that prints what it gets.
class PrintingSink final : public LogSink {
 public:
  SinkResult write(std::string_view lines) noexcept override {
    std::cout << "sink: " << lines << std::flush;
    std::printf("sink: %.*s", static_cast<int>(lines.size()), lines.data());
    std::fflush(stdout);
    return {.written = lines.size()};
  }
};

TEST_F(StdioCaptureTest, ASynchronousSinkThatPrintsDoesNotCaptureItself) {
  testing::internal::CaptureStdout();
  configure_pipeline({.synchronous = true});
  configure_logging(
      {.outputs = {{text_format({.pattern = "{message}"}), std::make_shared<PrintingSink>()}}});
  {
    const StdioCapture capture;
    std::cerr << "m\n";
  }
  configure_logging({});
  configure_pipeline({});
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "sink: m\nsink: m\n");
}

TEST_F(StdioCaptureTest, LinesOfWaybillsConsoleSinksDoNotComeBack) {
  testing::internal::CaptureStderr();
  configure_logging({.outputs = {{text_format({.pattern = "{message}"}), stderr_sink()}}});
  {
    const StdioCapture capture;
    std::cerr << "m\n";
    flush();
    flush();
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "m\n");
}

struct PrintsInStaticDestructor {
  bool armed = false;
  ~PrintsInStaticDestructor() {
    if (armed) std::cout << "from a static destructor\nthe very end";
  }
};
PrintsInStaticDestructor printer;

TEST_F(StdioCaptureTest, NothingIsLostAtExit) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto print_and_exit = [] {
    configure_logging({.outputs = {{text_format({.pattern = "{message}"}), stderr_sink()}}});
    static_cast<void>(new StdioCapture);  // as if main() had not come to its end
    printer.armed = true;
    std::cout << "unfinished";
    std::barrier printed(2);
    std::thread other([&printed] {
      std::cout << "unfinished too";
      printed.arrive_and_wait();
      for (;;) pause();
    });
    printed.arrive_and_wait();
    std::exit(0);
  };
  EXPECT_EXIT(print_and_exit(), testing::ExitedWithCode(0),
              testing::AllOf(HasSubstr("unfinished\n"), HasSubstr("unfinished too\n"),
                             HasSubstr("from a static destructor\n"), HasSubstr("the very end\n")));
}

#if !WAYBILL_THREAD_SANITIZER  // which does not let the child of a fork start threads
TEST_F(StdioCaptureTest, TheChildOfAForkDoesNotRepeatUnfinishedLines) {
  const StdioCapture capture;
  std::cout << "the parent's, ";
  const pid_t child = fork();
  if (child == 0) {
    std::cout << "the child's\n";
    const auto all = lines();
    _exit(all == std::vector<std::string>{"INFO stdout [-] the child's\n"} ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  std::cout << "ended\n";
  EXPECT_THAT(lines(), ElementsAre("INFO stdout [-] the parent's, ended\n"));
}
#endif

}  // namespace
}  // namespace waybill
