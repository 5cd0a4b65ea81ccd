#include <cstdint>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/pipeline/clock.h>
#include <waybill/pipeline/internal/collector.h>
#include <waybill/pipeline/self_metrics.h>

namespace waybill::internal {
namespace {

using detail::RecordHeader;
using detail::RecordKind;
using testing::ElementsAre;
using testing::IsEmpty;

struct Seen final : detail::RecordConsumer {
  void consume(const RecordHeader& header, const detail::RecordOrigin& origin,
               std::chrono::system_clock::time_point) noexcept override {
    threads.push_back(origin.thread_id);
    ticks.push_back(header.ticks);
  }
  void end_of_batch(bool) noexcept override { ++batches; }
  void after_fork_in_child() noexcept override { forgotten = true; }

  std::vector<std::uint64_t> threads;
  std::vector<std::uint64_t> ticks;
  int batches = 0;
  bool forgotten = false;
};

class CollectorTest : public testing::Test {
 protected:
  CollectorTest() {
    collector_.set_consumer(RecordKind::kLog, seen_);
    collector_.start_clock();
  }

  Ring& new_ring(std::uint64_t thread) {
    Ring* ring = Ring::make(4096, thread);
    collector_.add(ring);
    return *ring;
  }

  static void write(Ring& ring, std::uint64_t ticks, const Context& context = {}) {
    constexpr std::size_t kSize = detail::whole_record(0);
    if (ring.next.load() + kSize > ring.limit) {
      ASSERT_EQ(ring.make_room(kSize, 4096), Ring::Room::kMade);
    }
    char* place = ring.next.load();
    auto* header = new (place) RecordHeader{};
    header->shape = {.size = kSize, .kind = RecordKind::kLog, .detail = {}, .clock = 0};
    header->ticks = ticks;
    header->context = detail::RecordedContext(context);
    ring.next.store(place + kSize, std::memory_order_release);
  }

  Seen seen_;
  Collector collector_;
};

TEST_F(CollectorTest, MergesRingsByTime) {
  Ring& a = new_ring(1);
  Ring& b = new_ring(2);
  Ring& c = new_ring(3);
  for (const std::uint64_t ticks : {10, 40, 50}) write(a, ticks);
  for (const std::uint64_t ticks : {20, 30, 60}) write(b, ticks);
  write(c, 5);
  EXPECT_EQ(collector_.collect(), 7U);
  EXPECT_THAT(seen_.ticks, ElementsAre(5, 10, 20, 30, 40, 50, 60));
  EXPECT_THAT(seen_.threads, ElementsAre(3, 1, 2, 2, 1, 1, 2));
  EXPECT_EQ(collector_.collect(), 0U);
  EXPECT_EQ(seen_.batches, 2) << "also when there was nothing";
}

// The system clock has been set back: records from the future would wait for an hour.
TEST_F(CollectorTest, DoesNotWaitForTheFuture) {
  Ring& a = new_ring(1);
  Ring& b = new_ring(2);
  const std::uint64_t future = detail::ticks() + 3'600'000'000'000;
  write(a, future);
  write(a, 10);
  write(b, 20);
  while (seen_.ticks.size() < 3 && seen_.batches < 10) collector_.collect();
  EXPECT_EQ(seen_.ticks.size(), 3U);
}

TEST_F(CollectorTest, DeletesTheRingsOfEndedThreadsOnceTheyAreEmpty) {
  Ring& ring = new_ring(1);
  write(ring, 10);
  ring.end();
  EXPECT_EQ(collector_.collect(), 1U);
  EXPECT_EQ(collector_.ring_count(), 0U);
  EXPECT_EQ(collector_.ring_bytes(), 0U);
}

TEST_F(CollectorTest, KeepsRetiredContextsUntilTheCheckpoint) {
  if (self_metrics().passes != 0)
    GTEST_SKIP() << "the background thread of another test takes them";
  Ring& ring = new_ring(1);
  {
    const Context context = Context::new_trace({.name = "gone before it is read"});
    write(ring, 10, context);
  }
  EXPECT_TRUE(detail::RetiredContexts::any());
  collector_.set_checkpoint();
  EXPECT_FALSE(detail::RetiredContexts::any()) << "taken along";
  EXPECT_FALSE(collector_.reached_checkpoint());
  collector_.collect();
  EXPECT_TRUE(collector_.reached_checkpoint());
  EXPECT_FALSE(collector_.reached_checkpoint()) << "once";
}

TEST_F(CollectorTest, ContextsThatWereNotRecordedAreNotRetired) {
  const auto former = detail::RetiredContexts::take();
  { const Context context = Context::new_trace({.name = "nobody has recorded this"}); }
  EXPECT_FALSE(detail::RetiredContexts::any());
}

TEST_F(CollectorTest, ForgetsAllInTheChildOfAFork) {
  write(new_ring(1), 10);
  collector_.after_fork_in_child();
  EXPECT_TRUE(seen_.forgotten);
  EXPECT_EQ(collector_.collect(), 0U);
  EXPECT_THAT(seen_.ticks, IsEmpty());
}

}  // namespace
}  // namespace waybill::internal
