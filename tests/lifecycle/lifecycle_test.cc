// However a process ends, what it has logged is in its file.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/mount.h>
#include <unistd.h>

#include <waybill/core/sanitizers.h>

#include "tests/support/process.h"

namespace waybill::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;

// Adding to the address sanitizer's and others' own handlers is their business, not the test's.
#if WAYBILL_ADDRESS_SANITIZER || WAYBILL_THREAD_SANITIZER
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

class LifecycleTest : public testing::Test {
 protected:
  LifecycleTest() {
    std::string pattern = (fs::temp_directory_path() / "waybill-lifecycle-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~LifecycleTest() override { fs::remove_all(folder_); }

  // The exit status, or 128 and the signal.
  int run(const std::string& way) { return run(way, folder_ / "log"); }
  int run(const std::string& way, const fs::path& log) {
    Process process({WAYBILL_LIFECYCLE_PROGRAM, way, log.string()}, (folder_ / "output").string());
    const int status = process.wait();
    read(log);
    return status;
  }

  // What the process has printed.
  std::string output() const {
    std::ifstream file(folder_ / "output");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::vector<std::string> messages(const std::string& logger) const {
    std::vector<std::string> found;
    for (const json& record : records_) {
      if (record.at("logger") == logger) found.push_back(record.at("message"));
    }
    return found;
  }

  // All records of that thread: each once, in order, under its own trace.
  void expect_all(int thread, int records) const {
    int next = 0;
    for (const json& record : records_) {
      if (record.at("logger") != "count" || record.at("thread") != thread) continue;
      ASSERT_EQ(record.at("i"), next) << "thread " << thread;
      ASSERT_EQ(record.at("trace_id"), "trace-" + std::to_string(thread));
      ++next;
    }
    EXPECT_EQ(next, records) << "thread " << thread;
  }

  void expect_crash_record(const std::string& text) const {
    std::vector<json> fatal;
    std::copy_if(records_.begin(), records_.end(), std::back_inserter(fatal),
                 [](const json& record) { return record.at("severity") == "FATAL"; });
    ASSERT_EQ(fatal.size(), 1U);
    EXPECT_THAT(fatal[0].at("message").get<std::string>(), HasSubstr(text));
    EXPECT_EQ(fatal[0].at("trace_id"), "the-crash") << "the context of the thread that crashed";
    EXPECT_EQ(fatal[0].at("job_id"), 42);
  }

  void expect_crash(const std::string& way, int signal, const std::string& text) {
    EXPECT_EQ(run(way), 128 + signal) << output();
    for (int thread = 0; thread <= 4; ++thread) expect_all(thread, 1'000);
    expect_crash_record(text);
  }

  std::vector<json> records_;
  fs::path folder_;

 private:
  void read(const fs::path& log) {
    std::ifstream file(log);
    for (std::string line; std::getline(file, line);) {
      records_.push_back(json::parse(line, nullptr, false));
      ASSERT_FALSE(records_.back().is_discarded()) << "torn: " << line;
    }
  }
};

TEST_F(LifecycleTest, ReturningFromMainWritesEverythingAlsoOfStaticDestructors) {
  EXPECT_EQ(run("return"), 0) << output();
  expect_all(0, 1'000);
  const auto destroyed = messages("static");
  EXPECT_THAT(destroyed, testing::UnorderedElementsAre("destroyed thread_local", "atexit",
                                                       "destroyed after", "destroyed before"));
}

TEST_F(LifecycleTest, ExitWritesEverything) {
  EXPECT_EQ(run("exit"), 0) << output();
  expect_all(0, 1'000);
  expect_all(1, 1'000);
  EXPECT_THAT(messages("static"), Contains("destroyed before"));
}

TEST_F(LifecycleTest, ThreadsThatGoOnLoggingDoNotKeepTheProcess) {
  EXPECT_EQ(run("threads-running"), 0) << output();
  expect_all(0, 1'000);
}

TEST_F(LifecycleTest, SynchronousRecordsNeedNoExit) {
  EXPECT_EQ(run("synchronous"), 0) << output();
  expect_all(0, 1'000);
}

TEST_F(LifecycleTest, ForksWhileThreadsLogLoseAndRepeatNothing) {
  if (kSanitized) GTEST_SKIP() << "sanitizers do not let children of threaded programs go on";
  EXPECT_EQ(run("fork"), 0) << output();
  for (int thread = 1; thread <= 4; ++thread) expect_all(thread, 50'000);
  for (int child = 0; child < 10; ++child) {
    expect_all(100 + child, 100);
    expect_all(200 + child, 100);
  }
}

class CrashTest : public LifecycleTest {
 protected:
  void SetUp() override {
    if (kSanitized) GTEST_SKIP() << "sanitizers end the process in a way of their own";
  }
};

TEST_F(CrashTest, ASegmentationFault) {
  expect_crash("segv", SIGSEGV, "SIGSEGV at address 0x0");
}
TEST_F(CrashTest, ASegmentationFaultOfAnotherThread) {
  expect_crash("segv-thread", SIGSEGV, "SIGSEGV at address 0x0");
}
TEST_F(CrashTest, AStackOverflow) {
  expect_crash("stack-overflow", SIGSEGV, "SIGSEGV at address 0x7");
}
TEST_F(CrashTest, AnAbort) {
  expect_crash("abort", SIGABRT, "SIGABRT");
}
TEST_F(CrashTest, ASignalThatSomebodySends) {
  expect_crash("kill", SIGSEGV, "SIGSEGV");
}
TEST_F(CrashTest, AnExceptionThatNobodyCatches) {
  expect_crash("terminate", SIGABRT, "std::runtime_error: nobody catches this");
}
TEST_F(CrashTest, AnExceptionThatNobodyCatchesInAnotherThread) {
  expect_crash("terminate-thread", SIGABRT, "std::runtime_error: nobody catches this");
}

TEST_F(CrashTest, OfTheBackgroundThreadLosesOnlyTheRecordItCrashedOn) {
  EXPECT_EQ(run("sink-crash"), 128 + SIGSEGV) << output();
  expect_all(0, 500);
  expect_all(1, 500);
}

TEST_F(LifecycleTest, AFullDiskIsCountedAndSurvived) {
  const fs::path disk = folder_ / "disk";
  fs::create_directory(disk);
  if (mount("none", disk.c_str(), "tmpfs", 0, "size=512k") != 0) {
    GTEST_SKIP() << "no right to mount a small file system here";
  }
  std::ofstream(disk / "log.ballast") << std::string(256 * 1024, '#');
  const int status = run("disk-full", disk / "log");
  umount2(disk.c_str(), MNT_DETACH);
  EXPECT_EQ(status, 0) << output();
  expect_all(0, 100);
  EXPECT_THAT(output(), testing::ContainsRegex("lost [1-9]"));
  EXPECT_THAT(output(), testing::ContainsRegex("failures [1-9]"));
  EXPECT_THAT(output(), HasSubstr("No space left on device"));
  const std::string text = output();
  const std::string report = "No space left on device";
  EXPECT_EQ(text.find(report, text.find(report) + 1), std::string::npos) << "reported once";
  EXPECT_GT(records_.size(), 200U) << "there is more once there is room";
}

}  // namespace
}  // namespace waybill::test
