#include <gmock/gmock.h>

#include <waybill/otlp/internal/sender_fixture.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/pipeline/self_metrics.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST_F(SenderTest, SendsInOrderAndCounts) {
  const auto bytes = self_metrics().bytes_written;
  EXPECT_TRUE(send("one", 3));
  EXPECT_TRUE(send("three", 4));
  EXPECT_TRUE(flush());
  EXPECT_THAT(script_->sent(), ElementsAre("one", "three"));
  EXPECT_EQ(since_start().exported, 7U);
  EXPECT_EQ(since_start().requests, 2U);
  EXPECT_EQ(since_start().bytes, 8U);
  EXPECT_EQ(since_start().queue_bytes, before_.queue_bytes);
  EXPECT_EQ(self_metrics().bytes_written - bytes, 8U);
}

TEST_F(SenderTest, TakesARequestWithoutWaiting) {
  script_->hold(true);
  EXPECT_TRUE(send("one"));
  EXPECT_TRUE(send("two"));
  EXPECT_TRUE(script_->wait_for(1));
  EXPECT_FALSE(flush(10ms));
  script_->hold(false);
  EXPECT_TRUE(flush());
}

TEST_F(SenderTest, GivesMemoryBackForTheNextRequest) {
  WireBuffer request = wire(std::string(100'000, 'x'));
  const char* const memory = request.data();
  sender().hand_over(request, 1);
  EXPECT_TRUE(request.empty());
  EXPECT_TRUE(flush());
  WireBuffer next = wire("y");
  sender().hand_over(next, 1);
  EXPECT_EQ(next.data(), memory);
  EXPECT_TRUE(flush());
}

TEST_F(SenderTest, TriesAgainAfterARandomTimeWhoseLimitDoubles) {
  script_->always(kDown);
  send("one");
  for (const auto limit : {1s, 2s, 4s, 8s, 8s}) {
    const auto wait = clock_.wait_begun();
    EXPECT_LE(wait, limit);
    const std::size_t attempts = script_->sent().size();
    clock_.advance(wait);
    EXPECT_TRUE(script_->wait_for(attempts + 1));
    // The next wait is another one.
    while (clock_.wait_begun() == 0s) std::this_thread::yield();
  }
  script_->always({.outcome = Outcome::kDelivered});
  EXPECT_TRUE(flush());
  EXPECT_EQ(since_start().exported, 1U);
  EXPECT_EQ(since_start().dropped.all(), 0U);
  EXPECT_EQ(since_start().failures, script_->sent().size() - 1);
  EXPECT_EQ(since_start().retries, script_->sent().size() - 1);
}

TEST_F(SenderTest, DoesNotTryAgainBeforeTheTimeIsOver) {
  script_->answer({.outcome = Outcome::kRetry, .retry_after = 100s});
  send("one");
  ASSERT_TRUE(script_->wait_for(1));
  EXPECT_EQ(clock_.wait_begun(), 100s);
  clock_.advance(99s);
  send("two");
  EXPECT_FALSE(flush(20ms));
  EXPECT_EQ(script_->sent().size(), 1U);
  clock_.advance(1s);
  EXPECT_TRUE(flush());
  EXPECT_THAT(script_->sent(), ElementsAre("one", "one", "two"));
}

// "Retry-After: 0" is no leave to ask at once, again and again, nor a wish to be left alone.
TEST_F(SenderTest, WaitsABackoffWhereTheCollectorWishesForNoTime) {
  script_->always({.outcome = Outcome::kRetry, .retry_after = 0s});
  send("one");
  ASSERT_TRUE(script_->wait_for(1));
  const auto wait = clock_.wait_begun();
  EXPECT_GT(wait, 0s);
  EXPECT_LE(wait, 1s);
  script_->always({.outcome = Outcome::kDelivered});
  EXPECT_TRUE(flush());
}

// Whoever flushes does not wait for a backoff, unless the collector has asked for it.
TEST_F(SenderTest, AsksACollectorThatWasAwayOnceMoreWhenFlushing) {
  script_->answer(kDown);
  send("one");
  ASSERT_TRUE(script_->wait_for(1));
  EXPECT_TRUE(flush());
  EXPECT_THAT(script_->sent(), ElementsAre("one", "one"));
}

TEST_F(SenderTest, DropsWhatIsRefusedAndGoesOn) {
  const auto lost = self_metrics().dropped.sink;
  script_->answer({.outcome = Outcome::kRefused, .reason = "HTTP status 400"});
  send("bad", 5);
  send("good", 2);
  EXPECT_TRUE(flush());
  EXPECT_THAT(script_->sent(), ElementsAre("bad", "good"));
  EXPECT_EQ(since_start().dropped.refused, 5U);
  EXPECT_EQ(since_start().exported, 2U);
  EXPECT_EQ(self_metrics().dropped.sink - lost, 5U);
}

TEST_F(SenderTest, CountsWhatIsRejectedAndDoesNotSendItAgain) {
  script_->answer({.outcome = Outcome::kDelivered, .partial = {.rejected = 2, .message = "old"}});
  script_->answer({.outcome = Outcome::kDelivered, .partial = {.rejected = 1'000'000}});
  send("one", 5);
  send("two", 3);
  EXPECT_TRUE(flush());
  EXPECT_EQ(script_->sent().size(), 2U);
  EXPECT_EQ(since_start().exported, 3U);
  EXPECT_EQ(since_start().rejected, 2U + 3U);  // no more than there were
}

TEST_F(SenderTest, DropsTheNewestWhenMemoryIsFull) {
  options_.queue_bytes = 100'000;
  script_->hold(true);
  const std::string text(30'000, 'x');
  EXPECT_TRUE(send("1" + text));
  ASSERT_TRUE(script_->wait_for(1));
  EXPECT_TRUE(send("2" + text));
  EXPECT_TRUE(send("3" + text));
  EXPECT_FALSE(send("4" + text, 9));
  EXPECT_EQ(since_start().dropped.queue_full, 9U);
  EXPECT_LE(since_start().queue_bytes - before_.queue_bytes, 100'000U);
  script_->hold(false);
  EXPECT_TRUE(flush());
  EXPECT_EQ(script_->sent().size(), 3U);
  EXPECT_EQ(script_->sent().back().front(), '3');
}

// A request that has to wait takes no more memory than its bytes.
TEST_F(SenderTest, CountsMemoryThatIsReserved) {
  options_.queue_bytes = 100'000;
  script_->hold(true);
  send("first");
  ASSERT_TRUE(script_->wait_for(1));
  for (int i = 0; i < 10; ++i) {
    WireBuffer request = wire("small");
    request.room(90'000);
    EXPECT_TRUE(sender().hand_over(request, 1)) << i;
  }
  script_->hold(false);
  EXPECT_TRUE(flush());
}

TEST_F(SenderTest, GivesUpWhatIsTooOld) {
  options_.retry.give_up_after = 10s;
  script_->always(kDown);
  send("old", 4);
  ASSERT_TRUE(script_->wait_for(1));
  clock_.wait_begun();
  clock_.advance(11s);
  EXPECT_TRUE(flush());
  EXPECT_EQ(since_start().dropped.gave_up, 4U);
  script_->always({.outcome = Outcome::kDelivered});
  send("new");
  EXPECT_TRUE(flush());
  EXPECT_EQ(script_->sent().back(), "new");
}

TEST_F(SenderTest, FlushWaitsForIt) {
  script_->hold(true);
  send("one");
  EXPECT_FALSE(waybill::flush(20ms));
  script_->hold(false);
  EXPECT_TRUE(waybill::flush(30s));
  EXPECT_EQ(since_start().exported, 1U);
}

TEST_F(SenderTest, DeliversWhatIsThereWhenClosed) {
  script_->hold(true);
  auto other = make();
  WireBuffer request = wire("late");
  other->hand_over(request, 1);
  const std::weak_ptr<Sender> alive = other;
  other->close();
  other.reset();
  script_->hold(false);
  EXPECT_TRUE(script_->wait_for(1));
  while (!alive.expired()) std::this_thread::yield();
  EXPECT_EQ(since_start().exported, 1U);
}

TEST_F(SenderTest, GivesUpAMinuteAfterItWasClosed) {
  script_->always(kDown);
  auto other = make();
  WireBuffer request = wire("late");
  other->hand_over(request, 6);
  ASSERT_TRUE(script_->wait_for(1));
  const std::weak_ptr<Sender> alive = other;
  other->close();
  other.reset();
  while (!alive.expired()) {
    clock_.advance(10s);
    std::this_thread::yield();
  }
  EXPECT_EQ(since_start().dropped.ended, 6U);
}

TEST_F(SenderTest, TakesNothingMoreOnceItHasEnded) {
  auto other = make();
  WireBuffer request = wire("one");
  other->hand_over(request, 1);
  other->end(std::chrono::steady_clock::now() + 30s);
  EXPECT_EQ(since_start().exported, 1U);
  request = wire("two");
  EXPECT_FALSE(other->hand_over(request, 3));
  EXPECT_EQ(since_start().dropped.ended, 3U);
  EXPECT_TRUE(other->wait_until_delivered(std::chrono::steady_clock::now()));
  other->close();
}

TEST_F(SenderTest, EndsInTimeHoweverLongTheCollectorTakes) {
  script_->hold(true);
  auto other = make();
  for (const char* text : {"one", "two"}) {
    WireBuffer request = wire(text);
    other->hand_over(request, 2);
  }
  ASSERT_TRUE(script_->wait_for(1));
  const auto begin = std::chrono::steady_clock::now();
  other->end(begin + 50ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
  EXPECT_EQ(since_start().dropped.ended, 4U);
  EXPECT_EQ(since_start().queue_bytes, before_.queue_bytes);
  other->close();
}

}  // namespace
}  // namespace waybill::internal
