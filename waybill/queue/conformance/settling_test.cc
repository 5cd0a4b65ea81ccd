// Settling what was received, as every kind of queue does it.

#include <future>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/queue/conformance/conformance.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

class SettlingConformance : public QueueConformance {};
WAYBILL_CONFORMANCE(SettlingConformance);

TEST_P(SettlingConformance, AckEndsIt) {
  const std::unique_ptr<Queue> brief = another(kBrief);
  send("once");
  std::optional<Delivery> delivery = brief->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_FALSE(delivery->settled());
  EXPECT_TRUE(delivery->ack());
  EXPECT_TRUE(delivery->settled());
  EXPECT_FALSE(queue_->receive(3 * kBrief.visibility_timeout));
  EXPECT_EQ(delivery->body(), "once");
}

TEST_P(SettlingConformance, SettlesAtMostOnce) {
  queue_->send({{.body = "a"}, {.body = "b"}, {.body = "c"}});
  std::vector<Delivery> deliveries = queue_->receive(3, 0ms);
  ASSERT_THAT(deliveries, SizeIs(3));
  EXPECT_TRUE(deliveries[0].ack());
  EXPECT_TRUE(deliveries[1].retry(1h));
  EXPECT_TRUE(deliveries[2].dead_letter("no use"));
  for (Delivery& delivery : deliveries) {
    EXPECT_FALSE(delivery.ack());
    EXPECT_FALSE(delivery.retry());
    EXPECT_FALSE(delivery.dead_letter("again"));
    EXPECT_FALSE(delivery.extend(1h));
  }
  const Counts counts = queue_->counts();
  EXPECT_EQ(counts.ready, 0u);
  EXPECT_EQ(counts.delayed, 1u);
  EXPECT_EQ(counts.in_flight, 0u);
  EXPECT_EQ(counts.dead, 1u);
}

TEST_P(SettlingConformance, AcksManyInOneGo) {
  queue_->send({{.body = "a"}, {.body = "b"}, {.body = "c"}});
  std::vector<Delivery> deliveries = queue_->receive(3, 0ms);
  ASSERT_THAT(deliveries, SizeIs(3));
  ASSERT_TRUE(deliveries[1].retry());
  EXPECT_EQ(queue_->ack(deliveries), 2u);
  for (const Delivery& delivery : deliveries) EXPECT_TRUE(delivery.settled());
  EXPECT_EQ(queue_->ack(deliveries), 0u);
  EXPECT_THAT(receive_bodies(3), ElementsAre("b"));
}

TEST_P(SettlingConformance, AcksWhatAnotherQueueDelivered) {
  const std::unique_ptr<Queue> other = open("memory:another-kind");
  other->send({.body = "theirs"});
  send("ours");
  std::vector<Delivery> deliveries = queue_->receive(1, 0ms);
  deliveries.push_back(other->receive(0ms).value());
  EXPECT_EQ(queue_->ack(deliveries), 2u);
  EXPECT_EQ(other->counts().in_flight, 0u);
  EXPECT_EQ(queue_->counts().in_flight, 0u);
}

TEST_P(SettlingConformance, RetryComesBackAtTheEndOfTheLine) {
  queue_->send({{.body = "a"}, {.body = "b"}});
  std::optional<Delivery> delivery = queue_->receive(0ms);
  ASSERT_TRUE(delivery && delivery->retry());
  for (const auto& [body, attempt] : {std::pair("b", 1u), std::pair("a", 2u)}) {
    delivery = queue_->receive(0ms);
    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery->body(), body);
    EXPECT_EQ(delivery->attempt(), attempt);
  }
}

TEST_P(SettlingConformance, RetriesNeverKeepOthersFromTheirTurn) {
  queue_->send({{.body = "a"}, {.body = "b"}, {.body = "c"}});
  std::map<std::string, std::uint32_t> attempts;
  for (int i = 0; i < 12; ++i) {
    std::optional<Delivery> delivery = queue_->receive(0ms);
    ASSERT_TRUE(delivery && delivery->retry());
    attempts[delivery->body()] = delivery->attempt();
  }
  EXPECT_THAT(attempts, ElementsAre(Pair("a", 4), Pair("b", 4), Pair("c", 4)));
}

TEST_P(SettlingConformance, RetryWaitsOutItsDelay) {
  send("later");
  std::optional<Delivery> first = queue_->receive(0ms);
  ASSERT_TRUE(first);
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(first->retry(50ms));
  const std::optional<Delivery> second = queue_->receive(kAMinute);
  ASSERT_TRUE(second);
  // Less a millisecond, to which the times are rounded.
  EXPECT_GE(std::chrono::steady_clock::now() - start, 49ms);
  EXPECT_EQ(second->attempt(), 2u);
  EXPECT_EQ(second->id(), first->id());
}

TEST_P(SettlingConformance, AnUnsettledMessageComesBackAfterItsVisibilityTimeout) {
  const std::unique_ptr<Queue> brief = another(kBrief);
  send("job");
  const auto start = std::chrono::steady_clock::now();
  std::optional<Delivery> first = brief->receive(0ms);
  ASSERT_TRUE(first);
  EXPECT_THAT(receive_bodies(1), IsEmpty());

  std::optional<Delivery> second = queue_->receive(kAMinute);
  ASSERT_TRUE(second);
  EXPECT_GE(std::chrono::steady_clock::now() - start, kBrief.visibility_timeout - 1ms);
  EXPECT_EQ(second->id(), first->id());
  EXPECT_EQ(second->attempt(), 2u);

  EXPECT_FALSE(first->ack()) << "stale";
  EXPECT_TRUE(first->settled());
  EXPECT_TRUE(second->ack());
  EXPECT_EQ(queue_->counts().in_flight, 0u);
}

TEST_P(SettlingConformance, AStaleDeliveryCannotSettleInAnyWay) {
  const std::unique_ptr<Queue> brief = another(kBrief);
  queue_->send({{.body = "a"}, {.body = "b"}, {.body = "c"}, {.body = "d"}});
  std::vector<Delivery> stale = brief->receive(4, 0ms);
  std::vector<Delivery> good;
  while (good.size() < stale.size()) {
    auto delivery = queue_->receive(kAMinute);
    ASSERT_TRUE(delivery);
    good.push_back(std::move(*delivery));
  }
  EXPECT_FALSE(stale[0].retry());
  EXPECT_FALSE(stale[1].dead_letter("stale"));
  EXPECT_FALSE(stale[2].extend(1h));
  EXPECT_EQ(brief->ack(stale), 0u);
  EXPECT_EQ(queue_->counts().in_flight, 4u);
  EXPECT_EQ(queue_->counts().dead, 0u);
  EXPECT_EQ(queue_->ack(good), 4u);
}

TEST_P(SettlingConformance, ALateAckIsGoodAsLongAsNobodyElseHasTheMessage) {
  const std::unique_ptr<Queue> brief = another({.visibility_timeout = 1ms});
  send("late");
  std::optional<Delivery> delivery = brief->receive(0ms);
  ASSERT_TRUE(delivery);
  while (queue_->counts().ready == 0) std::this_thread::yield();
  EXPECT_TRUE(delivery->ack());
  EXPECT_THAT(receive_bodies(1), IsEmpty());
}

TEST_P(SettlingConformance, ExtendStartsTheVisibilityTimeoutAnew) {
  const std::unique_ptr<Queue> brief = another(kBrief);
  send("long job");
  std::optional<Delivery> delivery = brief->receive(0ms);
  ASSERT_TRUE(delivery && delivery->extend(1h));
  EXPECT_FALSE(queue_->receive(2 * kBrief.visibility_timeout));
  ASSERT_TRUE(delivery->extend(1ms));
  EXPECT_TRUE(queue_->receive(kAMinute));
  EXPECT_FALSE(delivery->extend(1h));
  EXPECT_TRUE(delivery->settled());
}

TEST_P(SettlingConformance, AReceiverThatWaitsLearnsOfAShorterVisibilityTimeout) {
  send("job");
  std::optional<Delivery> delivery = queue_->receive(0ms);
  ASSERT_TRUE(delivery);
  auto received = std::async(std::launch::async, [&] { return queue_->receive(kAMinute / 2); });
  ASSERT_TRUE(delivery->extend(1ms));
  EXPECT_EQ(received.wait_for(kAMinute / 4), std::future_status::ready);
  EXPECT_TRUE(received.get());
}

TEST_P(SettlingConformance, ADroppedDeliveryComesBackAfterItsVisibilityTimeout) {
  const std::unique_ptr<Queue> brief = another(kBrief);
  send("dropped");
  { const std::optional<Delivery> dropped = brief->receive(0ms); }
  EXPECT_EQ(queue_->counts().ready, 0u);
  const std::optional<Delivery> again = queue_->receive(kAMinute);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->attempt(), 2u);
}

TEST_P(SettlingConformance, DeadLettersKeepBytesHeadersAndReason) {
  const std::string bytes("\0\xff\xc3(\n", 5);
  const auto before =
      std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  queue_->send({.body = bytes, .headers = {{"content-type", "text/plain"}}});
  std::optional<Delivery> delivery = queue_->receive(0ms);
  ASSERT_TRUE(delivery && delivery->retry());
  delivery = queue_->receive(0ms);
  ASSERT_TRUE(delivery && delivery->dead_letter("no JSON: offset 0"));
  EXPECT_THAT(receive_bodies(1), IsEmpty());

  const std::vector<DeadLetter> letters = queue_->dead_letters(10);
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].id, delivery->id());
  EXPECT_EQ(letters[0].body, bytes);
  EXPECT_THAT(letters[0].headers, ElementsAre(Pair("content-type", "text/plain")));
  EXPECT_EQ(letters[0].reason, "no JSON: offset 0");
  EXPECT_EQ(letters[0].attempts, 2u);
  EXPECT_EQ(letters[0].enqueued_at, delivery->enqueued_at());
  EXPECT_GE(letters[0].dead_at, before);
}

TEST_P(SettlingConformance, ListsNoMoreDeadLettersThanAskedFor) {
  queue_->send({{.body = "a"}, {.body = "b"}, {.body = "c"}});
  for (Delivery& delivery : queue_->receive(3, 0ms)) EXPECT_TRUE(delivery.dead_letter(""));
  EXPECT_THAT(queue_->dead_letters(0), IsEmpty());
  const std::vector<DeadLetter> oldest = queue_->dead_letters(2);
  ASSERT_THAT(oldest, SizeIs(2));
  EXPECT_EQ(oldest[0].body, "a");
  EXPECT_EQ(oldest[1].body, "b");
  EXPECT_THAT(queue_->dead_letters(static_cast<std::size_t>(-1)), SizeIs(3));
}

TEST_P(SettlingConformance, ADeliveryOutlivesItsQueue) {
  send("orphan");
  std::optional<Delivery> delivery = queue_->receive(0ms);
  ASSERT_TRUE(delivery);
  queue_.reset();
  EXPECT_TRUE(delivery->ack());
  EXPECT_EQ(another()->counts().in_flight, 0u);
}

TEST_P(SettlingConformance, AMovedDeliveryStaysValid) {
  send("moved");
  std::optional<Delivery> delivery = queue_->receive(0ms);
  ASSERT_TRUE(delivery);
  auto acked = std::async(std::launch::async,
                          [mine = std::move(*delivery)]() mutable { return mine.ack(); });
  EXPECT_TRUE(acked.get());
}

}  // namespace
}  // namespace waybill::queue
