#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/core/error.h>
#include <waybill/core/sanitizers.h>
#include <waybill/pipeline/consumer.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/pipeline/record_writer.h>
#include <waybill/pipeline/self_metrics.h>

namespace waybill {
namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

// Takes records that are a number each.
class Numbers final : public detail::RecordConsumer {
 public:
  struct Taken {
    std::uint64_t number;
    std::uint64_t thread;
    system_clock::time_point time;
    TraceId trace;
  };

  void consume(const detail::RecordHeader& header, const detail::RecordOrigin& origin,
               system_clock::time_point time) noexcept override {
    const std::lock_guard lock(gate);
    std::uint64_t number;
    std::memcpy(&number, &header + 1, sizeof number);
    taken.push_back({number, origin.thread_id, time, header.context.trace_id()});
    if (flush(10ms)) flushed_inside = true;
  }
  void end_of_batch(bool) noexcept override { ++batches; }
  void after_fork_in_child() noexcept override { taken.clear(); }

  std::mutex gate;  // held by a test: the background thread waits in its next record
  std::vector<Taken> taken;
  std::atomic<int> batches = 0;
  std::atomic<bool> flushed_inside = false;
};

Numbers& numbers() {
  static Numbers& all = []() -> Numbers& {
    auto& made = *new Numbers;
    detail::register_consumer(detail::RecordKind::kSpan, made);
    return made;
  }();
  return all;
}

bool put(std::uint64_t number, std::size_t padding = 0) {
  const detail::RecordShape shape = {
      .size = static_cast<std::uint32_t>(detail::whole_record(sizeof number + padding)),
      .kind = detail::RecordKind::kSpan,
      .detail = {},
      .clock = 0};
  const auto writer = detail::RecordWriter::begin(shape);
  if (!writer) return false;
  std::memcpy(writer.payload(), &number, sizeof number);
  writer.commit(shape.size);
  return true;
}

class PipelineTest : public testing::Test {
 protected:
  PipelineTest() {
    configure_pipeline({});
    EXPECT_TRUE(flush());
    numbers().taken.clear();
  }
  ~PipelineTest() override { configure_pipeline({}); }

  static std::vector<Numbers::Taken> taken() {
    EXPECT_TRUE(flush(30s));
    return std::exchange(numbers().taken, {});
  }
};

TEST_F(PipelineTest, HandsOverWhatWasWritten) {
  EXPECT_TRUE(put(1));
  EXPECT_TRUE(put(2));
  const auto all = taken();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].number, 1U);
  EXPECT_EQ(all[1].number, 2U);
  EXPECT_EQ(all[0].thread, static_cast<std::uint64_t>(gettid()));
}

TEST_F(PipelineTest, RecordsArriveWithoutAFlush) {
  const std::uint64_t before = self_metrics().records;
  EXPECT_TRUE(put(1));
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (self_metrics().records == before && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_EQ(self_metrics().records, before + 1);
}

TEST_F(PipelineTest, KnowsTheTimeOfTheRecord) {
  for (const ClockSource clock : {ClockSource::kAutomatic, ClockSource::kSystem}) {
    configure_pipeline({.clock = clock});
    const auto before = system_clock::now();
    put(1);
    const auto after = system_clock::now();
    const auto all = taken();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_GE(all[0].time, before - 50us);
    EXPECT_LE(all[0].time, after + 50us);
  }
}

TEST_F(PipelineTest, KeepsTheOrderOfTimeAcrossThreads) {
  std::atomic<std::uint64_t> turn = 0;
  const auto take_turns = [&](std::uint64_t me) {
    for (int i = 0; i < 2'000; ++i) {
      // A processor reads its counter ahead of a load that is still on its way, but not ahead of a
      // call of the kernel.
      do std::this_thread::yield();
      while (turn.load() % 2 != me);
      std::this_thread::yield();
      put(turn.load());
      turn.fetch_add(1);
    }
  };
  std::thread odd(take_turns, 1);
  take_turns(0);
  odd.join();
  const auto all = taken();
  ASSERT_EQ(all.size(), 4'000U);
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i].number, i);
}

TEST_F(PipelineTest, WritesOutWhatEndedThreadsHaveLeft) {
  for (std::uint64_t i = 0; i < 50; ++i) std::thread([i] { put(i); }).join();
  EXPECT_EQ(taken().size(), 50U);
  EXPECT_TRUE(flush());
  EXPECT_LE(self_metrics().rings, 1U) << "their rings are gone";
}

// A thread_local that is destroyed after others may still write.
TEST_F(PipelineTest, TakesRecordsUntilTheVeryEndOfAThread) {
  struct Late {
    ~Late() { put(3); }
  };
  std::thread([] {
    thread_local const Late first;
    (void)first;
    put(1);
    thread_local const Late second;
    (void)second;
    put(2);
  }).join();
  EXPECT_EQ(taken().size(), 4U);
}

TEST_F(PipelineTest, DropsAndCountsWhenARingIsFull) {
  configure_pipeline({.ring_bytes = 4096, .ring_bytes_limit = 16384});
  const std::uint64_t before = self_metrics().dropped.ring_full;
  std::uint64_t refused = 0;
  {
    const std::lock_guard held(numbers().gate);
    std::thread([&] {
      for (std::uint64_t i = 0; i < 10'000; ++i) refused += !put(i);
    }).join();
  }
  EXPECT_GT(refused, 0U);
  EXPECT_EQ(self_metrics().dropped.ring_full, before + refused);
  EXPECT_EQ(taken().size(), 10'000 - refused) << "those that were taken come through";
}

TEST_F(PipelineTest, WaitsForRoomWhenAsked) {
  configure_pipeline({.ring_bytes = 4096,
                      .ring_bytes_limit = 4096,
                      .when_full = WhenFull::kWait,
                      .longest_wait = 60s});
  std::thread([] {
    for (std::uint64_t i = 0; i < 20'000; ++i) ASSERT_TRUE(put(i));
  }).join();
  EXPECT_EQ(taken().size(), 20'000U);
}

TEST_F(PipelineTest, WaitsForRoomNoLongerThanAsked) {
  configure_pipeline({.ring_bytes = 4096,
                      .ring_bytes_limit = 4096,
                      .when_full = WhenFull::kWait,
                      .longest_wait = 1ms});
  const std::lock_guard held(numbers().gate);
  bool all_taken = true;
  std::thread([&] {
    for (std::uint64_t i = 0; i < 300; ++i) all_taken &= put(i);
  }).join();
  EXPECT_FALSE(all_taken);
}

TEST_F(PipelineTest, RefusesARecordOfMoreThanHalfTheLargestRing) {
  configure_pipeline({.ring_bytes = 4096, .ring_bytes_limit = 8192});
  const std::uint64_t before = self_metrics().dropped.too_large;
  std::thread([] {
    EXPECT_FALSE(put(1, 4096));
    EXPECT_TRUE(put(2, 3000));
  }).join();
  EXPECT_EQ(self_metrics().dropped.too_large, before + 1);
  EXPECT_EQ(taken().size(), 1U);
}

TEST_F(PipelineTest, AFlushThatTakesTooLongSaysSo) {
  put(1);
  {
    const std::lock_guard held(numbers().gate);
    EXPECT_FALSE(flush(20ms));
  }
  EXPECT_TRUE(flush());
}

TEST_F(PipelineTest, AConsumerCannotWaitForItself) {
  put(1);
  EXPECT_EQ(taken().size(), 1U);
  EXPECT_FALSE(numbers().flushed_inside);
}

TEST_F(PipelineTest, SynchronousRecordsAreConsumedWhenTheyAreCommitted) {
  configure_pipeline({.synchronous = true});
  put(1);
  EXPECT_EQ(numbers().taken.size(), 1U);
}

TEST_F(PipelineTest, CountsItsWork) {
  const SelfMetrics before = self_metrics();
  for (std::uint64_t i = 0; i < 10; ++i) put(i);
  EXPECT_TRUE(flush());
  const SelfMetrics after = self_metrics();
  EXPECT_EQ(after.records, before.records + 10);
  EXPECT_GE(after.passes, before.passes + 1);
  EXPECT_EQ(after.flushes, before.flushes + 1);
  EXPECT_GT(after.flush_time_total, before.flush_time_total);
  EXPECT_GE(after.flush_time_longest, 1ns);
  EXPECT_GE(after.rings, 1U);
  EXPECT_GE(after.ring_bytes, 4096U);
}

// Contexts are recorded without a reference, and stay until their records are consumed.
TEST_F(PipelineTest, RecordsOutliveTheirContexts) {
  std::vector<TraceId> ids;
  {
    const std::lock_guard held(numbers().gate);
    for (std::uint64_t i = 0; i < 1'000; ++i) {
      const Scope scope{Context::new_trace({.name = "a name that makes it own memory"})
                            .with({{"k", "v"}})
                            .child()};
      ids.push_back(Context::current().trace_id());
      put(i);
    }
  }
  const auto all = taken();
  ASSERT_EQ(all.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(all[i].trace, ids[i]);
}

TEST_F(PipelineTest, RefusesOptionsOutOfRange) {
  const auto refuses = [](const PipelineOptions& options, const char* name) {
    try {
      configure_pipeline(options);
      ADD_FAILURE() << name << " was taken";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(name));
    }
  };
  refuses({.ring_bytes = 100}, "ring_bytes");
  refuses({.ring_bytes = 1 << 20, .ring_bytes_limit = 4096}, "ring_bytes_limit");
  refuses({.longest_wait = -1ms}, "longest_wait");
  refuses({.shortest_sleep = 0us}, "shortest_sleep");
  refuses({.shortest_sleep = 2ms, .longest_sleep = 1ms}, "longest_sleep");
  refuses({.exit_timeout = 2h}, "exit_timeout");
}

// ThreadSanitizer ends a child that starts threads.
#if !WAYBILL_THREAD_SANITIZER
// The parent's records are the parent's; the child's ring and background thread are its own.
TEST_F(PipelineTest, AChildBeginsWithEmptyRings) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  pid_t child;
  {
    const std::lock_guard held(numbers().gate);
    put(1);  // pending, perhaps in the hands of the background thread
  }
  child = fork();
  if (child == 0) {
    alarm(20);
    put(2);
    const bool done = flush(10s);
    const auto& all = numbers().taken;
    const char answer = done && all.size() == 1 && all[0].number == 2 ? 'y' : 'n';
    _exit(write(pipe_ends[1], &answer, 1) == 1 ? 0 : 1);
  }
  close(pipe_ends[1]);
  char answer = '?';
  EXPECT_EQ(read(pipe_ends[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(taken().size(), 1U);
  close(pipe_ends[0]);
}
#endif

}  // namespace
}  // namespace waybill
