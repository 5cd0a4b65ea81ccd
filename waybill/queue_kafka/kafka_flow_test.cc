// What becomes of messages in rounds, without a server.

#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/queue_kafka/internal/kafka_flow.h>

namespace waybill::queue::internal {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr Time kNow{std::chrono::seconds(1'000'000)};

class KafkaFlowTest : public ::testing::Test {
 protected:
  KafkaFlowTest() { settings_.queue = "q"; }

  KafkaLog& start(KafkaFlow& flow, const KafkaCommitted& committed = {}) {
    return flow.start({"q", 0}, committed);
  }
  void read(KafkaFlow& flow, KafkaLog& log, std::int64_t offset, Time due = {}) {
    KafkaMessage message{.id = std::to_string(offset),
                         .message = {.body = "body " + std::to_string(offset)},
                         .enqueued_at = kNow,
                         .due = due};
    flow.read(log, offset, std::move(message));
  }
  KafkaCommitted committed(const KafkaLog& log) { return {log.window.base(), log.window.encode()}; }
  // As if the server had written the records from `offset` on.
  void finish(KafkaFlow& flow, std::int64_t offset = 0) {
    std::vector<std::int64_t> offsets(flow.round().records.size());
    std::iota(offsets.begin(), offsets.end(), offset);
    flow.finish(offsets);
  }
  std::vector<KafkaTaken> take(KafkaFlow& flow, std::size_t max) {
    flow.line().promote(kNow);
    auto taken = flow.choose(max, kNow, 30s);
    finish(flow);
    return taken;
  }
  Settlement settle(KafkaFlow& flow, const KafkaTaken& taken, KafkaWish::Kind kind,
                    std::chrono::milliseconds time = {}) {
    KafkaWish wish{.entry = taken.entry, .attempt = taken.attempt, .kind = kind, .time = time};
    EXPECT_TRUE(flow.wish(wish, kNow));
    finish(flow, 1000);
    return wish.outcome;
  }
  std::vector<std::string> ids(const std::vector<KafkaTaken>& taken) {
    std::vector<std::string> all;
    for (const KafkaTaken& one : taken) {
      all.push_back(one.entry->id + "/" + std::to_string(one.attempt));
    }
    return all;
  }

  KafkaSettings settings_;
  KafkaFlow flow_{settings_, {.sent_partitions = 1, .retry_partitions = 1}};
};

TEST_F(KafkaFlowTest, AFailedRoundChangesNothing) {
  KafkaLog& log = start(flow_);
  read(flow_, log, 0);
  const KafkaCommitted before = committed(log);
  ASSERT_THAT(flow_.choose(1, kNow, 30s), SizeIs(1));
  flow_.undo();
  EXPECT_EQ(committed(log), before);
  EXPECT_THAT(ids(take(flow_, 10)), ElementsAre("0/1"));
}

TEST_F(KafkaFlowTest, WhoeverTakesOverGoesOnWhereItStood) {
  KafkaLog& log = start(flow_);
  for (int offset = 0; offset < 5; ++offset) read(flow_, log, offset);
  const auto taken = take(flow_, 3);
  EXPECT_EQ(settle(flow_, taken[1], KafkaWish::Kind::kAck), Settlement::kDone);

  KafkaFlow other(settings_, {.sent_partitions = 1, .retry_partitions = 1});
  KafkaLog& theirs = start(other, committed(log));
  for (int offset = 0; offset < 5; ++offset) read(other, theirs, offset);
  const auto fresh = take(other, 10);
  EXPECT_THAT(ids(fresh), ElementsAre("3/1", "4/1"));
  for (const KafkaTaken& one : fresh) settle(other, one, KafkaWish::Kind::kAck);
  other.line().promote(kNow + 31s);
  EXPECT_THAT(ids(take(other, 10)), ElementsAre("0/2", "2/2"));
}

TEST_F(KafkaFlowTest, WhatNobodyHasTouchedIsStillOursWhenItComesBack) {
  KafkaLog& log = start(flow_);
  read(flow_, log, 0);
  const auto taken = take(flow_, 1);
  log.confirmed = log.attempted = committed(log);
  const KafkaCommitted last = log.confirmed;
  flow_.stop({"q", 0}, true);
  KafkaWish wish{.entry = taken[0].entry, .attempt = 1};
  EXPECT_FALSE(flow_.wish(wish, kNow)) << "it has to wait";
  start(flow_, last);
  EXPECT_EQ(settle(flow_, taken[0], KafkaWish::Kind::kAck), Settlement::kDone);
}

TEST_F(KafkaFlowTest, WhatIsReadAheadOfALostPartitionIsInNobodysWayAndReadAgain) {
  KafkaLog& log = start(flow_);
  for (int offset = 0; offset < 3; ++offset) read(flow_, log, offset);
  const auto taken = take(flow_, 1);
  log.confirmed = log.attempted = committed(log);
  const KafkaCommitted last = log.confirmed;
  flow_.stop({"q", 0}, true);
  EXPECT_THAT(flow_.line().ready(), IsEmpty());
  EXPECT_EQ(flow_.line().next_due(), Time::max());
  KafkaLog& again = start(flow_, last);
  EXPECT_EQ(again.read_to, 0);
  for (int offset = 0; offset < 3; ++offset) read(flow_, again, offset);
  EXPECT_THAT(ids(take(flow_, 10)), ElementsAre("1/1", "2/1"));
  flow_.line().promote(kNow + 31s);
  EXPECT_THAT(ids(take(flow_, 10)), UnorderedElementsAre("0/2", "1/2", "2/2"));
}

TEST_F(KafkaFlowTest, WhatAnotherHasTouchedIsLost) {
  KafkaLog& log = start(flow_);
  read(flow_, log, 0);
  const auto taken = take(flow_, 1);
  log.confirmed = log.attempted = committed(log);
  flow_.stop({"q", 0}, true);
  start(flow_, {1, ""});
  EXPECT_EQ(settle(flow_, taken[0], KafkaWish::Kind::kAck), Settlement::kLost);
}

TEST_F(KafkaFlowTest, SettlesAMessageOnceInARound) {
  KafkaLog& log = start(flow_);
  read(flow_, log, 0);
  const auto taken = take(flow_, 1);
  KafkaWish first{.entry = taken[0].entry, .attempt = 1};
  KafkaWish second = first;
  EXPECT_TRUE(flow_.wish(first, kNow));
  EXPECT_FALSE(flow_.wish(second, kNow)) << "it has to wait";
  finish(flow_);
  EXPECT_EQ(first.outcome, Settlement::kDone);
  EXPECT_TRUE(flow_.wish(second, kNow));
  EXPECT_EQ(second.outcome, Settlement::kLost);
}

TEST_F(KafkaFlowTest, MarksOfTransactionsDoNotHoldTheOffsetBack) {
  KafkaLog& log = start(flow_);
  read(flow_, log, 0);
  read(flow_, log, 2);
  flow_.read_nothing_to(log, 4);
  for (const KafkaTaken& one : take(flow_, 2)) settle(flow_, one, KafkaWish::Kind::kAck);
  EXPECT_EQ(log.window.base(), 4);
}

TEST_F(KafkaFlowTest, WhatWasDueBeforeItWasReadStandsBehindWhatNeverWaited) {
  KafkaLog& retry = flow_.start({"q.retry", 0}, {});
  KafkaLog& log = start(flow_);
  read(flow_, retry, 7, kNow - 1s);
  read(flow_, retry, 8, kNow - 2s);
  read(flow_, log, 0);
  EXPECT_THAT(ids(take(flow_, 3)), ElementsAre("0/1", "8/1", "7/1"));
}

TEST_F(KafkaFlowTest, WhatIsPutBackForLongGoesToTheRetryTopic) {
  KafkaLog& log = start(flow_);
  read(flow_, log, 0);
  const auto taken = take(flow_, 1);
  KafkaWish wish{.entry = taken[0].entry,
                 .attempt = 1,
                 .kind = KafkaWish::Kind::kRetry,
                 .time = std::chrono::hours(1)};
  ASSERT_TRUE(flow_.wish(wish, kNow));
  ASSERT_THAT(flow_.round().records, SizeIs(1));
  EXPECT_EQ(flow_.round().records[0].topic, "q.retry");
  EXPECT_EQ(flow_.round().records[0].value, "body 0");
  EXPECT_EQ(log.window.base(), 1);
  finish(flow_);
  EXPECT_EQ(wish.outcome, Settlement::kDone);
  EXPECT_THAT(flow_.snapshot().seen, IsEmpty()) << "its partition is another's";
}

TEST_F(KafkaFlowTest, ShowsWhatIsWrittenAnewOnce) {
  KafkaLog& log = start(flow_);
  KafkaLog& retry = flow_.start({"q.retry", 0}, {});
  read(flow_, log, 0);
  const auto taken = take(flow_, 1);
  EXPECT_EQ(settle(flow_, taken[0], KafkaWish::Kind::kRetry, 1h), Settlement::kDone);
  // Whoever looks reads it there: it stands behind what has been read.
  EXPECT_THAT(flow_.snapshot().seen, IsEmpty());
  read(flow_, retry, 1000);
  EXPECT_THAT(flow_.snapshot().seen, SizeIs(1));
}

TEST_F(KafkaFlowTest, CarriesForwardWhatWouldMakeTheMetadataTooLong) {
  constexpr int kMessages = 3000;
  constexpr std::size_t kKafkasLimit = 4096;
  KafkaLog& log = start(flow_);
  for (int offset = 0; offset < kMessages; ++offset) read(flow_, log, offset);
  const auto taken = take(flow_, kMessages);
  ASSERT_THAT(taken, SizeIs(kMessages));
  // Every other one is acked, all of a sudden.
  std::vector<KafkaWish> wishes;
  for (std::size_t i = 1; i < taken.size(); i += 2) {
    wishes.push_back({.entry = taken[i].entry, .attempt = 1});
  }
  for (KafkaWish& wish : wishes) ASSERT_TRUE(flow_.wish(wish, kNow));
  flow_.carry_forward();
  EXPECT_THAT(flow_.round().records, Not(IsEmpty()));
  EXPECT_LT(log.window.encode().size(), kKafkasLimit);
  finish(flow_, kMessages);

  // Those that were carried are still in their consumers' hands.
  for (std::size_t i = 0; i < taken.size(); i += 2) {
    KafkaWish wish{.entry = taken[i].entry, .attempt = 1};
    ASSERT_TRUE(flow_.wish(wish, kNow));
    finish(flow_);
    ASSERT_EQ(wish.outcome, Settlement::kDone);
  }
  EXPECT_THAT(flow_.snapshot().seen, IsEmpty());
}

}  // namespace
}  // namespace waybill::queue::internal
