#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue/internal/turnstile.h>

namespace waybill::queue::internal {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(FairMutex, IsNotHadAgainBeforeThoseWhoWait) {
  constexpr int kTurns = 50;
  FairMutex mutex;
  std::atomic<bool> done = false;
  std::atomic<int> hogged = 0;
  std::thread hog([&] {
    while (!done) {
      const std::lock_guard lock(mutex);
      ++hogged;
      // Held for nearly all the time, as a lock around a disk is.
      for (const auto end = steady_clock::now() + 1ms; steady_clock::now() < end;) continue;
    }
  });
  while (hogged == 0) std::this_thread::yield();
  const int before = hogged;
  for (int turn = 0; turn < kTurns; ++turn) const std::lock_guard lock(mutex);
  EXPECT_LT(hogged - before, 10 * kTurns);
  done = true;
  hog.join();
}

TEST(Turnstile, LetsOneThroughAtATime) {
  const TestDirectory directory;
  Turnstile one(directory.file("turn"));
  Turnstile other(directory.file("turn"));
  one.enter(0ms);
  auto start = steady_clock::now();
  other.enter(20ms);
  EXPECT_GE(steady_clock::now() - start, 20ms);

  one.leave();
  start = steady_clock::now();
  other.enter(60s);
  EXPECT_LT(steady_clock::now() - start, 30s);
  start = steady_clock::now();
  one.enter(20ms);
  EXPECT_GE(steady_clock::now() - start, 20ms) << "the other one is in it";
}

TEST(Turnstile, NamesTheFileThatItCannotOpen) {
  const TestDirectory directory;
  const std::string path = directory.file("missing/turn");
  try {
    const Turnstile turnstile(path);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr(path), HasSubstr("No such file")));
  }
}

}  // namespace
}  // namespace waybill::queue::internal
