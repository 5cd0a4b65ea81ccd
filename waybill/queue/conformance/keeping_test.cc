// What a queue keeps, and what may be done with it: priorities, deduplication, looking, dead
// letters.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/core/scope.h>
#include <waybill/queue/conformance/conformance.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using State = QueuedMessage::State;

class KeepingConformance : public QueueConformance {};
WAYBILL_CONFORMANCE(KeepingConformance);

TEST_P(KeepingConformance, HigherPrioritiesGoFirst) {
  queue_->send({{.body = "low", .priority = Priority::kLow},
                {.body = "normal 1"},
                {.body = "high 1", .priority = Priority::kHigh},
                {.body = "normal 2"}});
  queue_->send({.body = "high 2", .priority = Priority::kHigh});
  EXPECT_THAT(receive_bodies(10), ElementsAre("high 1", "high 2", "normal 1", "normal 2", "low"));
}

TEST_P(KeepingConformance, WhatComesBackKeepsItsPriority) {
  queue_->send({{.body = "high", .priority = Priority::kHigh}, {.body = "normal"}});
  ASSERT_TRUE(queue_->receive(0ms)->retry());
  EXPECT_THAT(receive_bodies(10), ElementsAre("high", "normal"));
}

TEST_P(KeepingConformance, SendsOneOfAKey) {
  EXPECT_EQ(queue_->send(Message{.body = "first", .deduplication_key = "order-7"}), 1U);
  EXPECT_EQ(queue_->send(Message{.body = "again", .deduplication_key = "order-7"}), 0U);
  EXPECT_EQ(queue_->send({{.body = "other", .deduplication_key = "order-8"},
                          {.body = "again", .deduplication_key = "order-8"},
                          {.body = "without"}}),
            2U);
  EXPECT_THAT(receive_bodies(10), ElementsAre("first", "other", "without"));
}

TEST_P(KeepingConformance, RemembersKeysWhateverBecameOfTheMessage) {
  queue_->send(Message{.body = "first", .deduplication_key = "k"});
  ASSERT_TRUE(queue_->receive(0ms)->ack());
  EXPECT_EQ(queue_->send(Message{.body = "again", .deduplication_key = "k"}), 0U);
}

TEST_P(KeepingConformance, ForgetsKeysAfterTheWindow) {
  const auto brief = another({.visibility_timeout = kAMinute, .deduplication_window = 20ms});
  brief->send(Message{.body = "first", .deduplication_key = "k"});
  std::size_t sent = 0;
  while (sent == 0) sent = brief->send(Message{.body = "later", .deduplication_key = "k"});
  EXPECT_THAT(receive_bodies(10), ElementsAre("first", "later"));
}

TEST_P(KeepingConformance, RefusesKeysThatAreTooLong) {
  EXPECT_THROW(queue_->send(Message{.body = "x", .deduplication_key = std::string(257, 'k')}),
               Error);
  EXPECT_THAT(receive_bodies(1), IsEmpty());
}

TEST_P(KeepingConformance, ShowsWhatIsThereWithoutTakingIt) {
  queue_->send({{.body = "taken"}, {.body = "ready"}, {.body = "delayed", .delay = 1h}});
  queue_->send({.body = "first", .priority = Priority::kHigh});
  const auto first = queue_->receive(0ms);
  const auto taken = queue_->receive(0ms);
  const std::vector<QueuedMessage> found = queue_->peek(10);
  ASSERT_THAT(found, SizeIs(4));
  EXPECT_EQ(found[0].body, "ready");
  EXPECT_EQ(found[0].state, State::kReady);
  EXPECT_EQ(found[0].attempts, 0U);
  // Of those in flight, in any order.
  const bool first_is_first = found[1].id == first->id();
  const QueuedMessage& of_first = found[first_is_first ? 1 : 2];
  const QueuedMessage& of_taken = found[first_is_first ? 2 : 1];
  EXPECT_EQ(of_first.id, first->id());
  EXPECT_EQ(of_first.state, State::kInFlight);
  EXPECT_EQ(of_first.attempts, 1U);
  EXPECT_EQ(of_first.priority, Priority::kHigh);
  EXPECT_EQ(of_taken.id, taken->id());
  EXPECT_EQ(of_taken.state, State::kInFlight);
  EXPECT_EQ(found[3].body, "delayed");
  EXPECT_EQ(found[3].state, State::kDelayed);
  EXPECT_THAT(queue_->peek(2), SizeIs(2));
  EXPECT_EQ(queue_->counts().ready, 1U);
}

TEST_P(KeepingConformance, PutsADeadLetterBackAsItWasSent) {
  const Context sender = Context::new_trace();
  {
    const Scope scope{sender};
    queue_->send({.body = "letter", .headers = {{"a", "1"}}});
  }
  ASSERT_TRUE(queue_->receive(0ms)->retry());
  ASSERT_TRUE(queue_->receive(0ms)->dead_letter("no use"));
  const std::string id = queue_->dead_letters(1).at(0).id;
  EXPECT_TRUE(queue_->retry_dead_letter(id));
  EXPECT_FALSE(queue_->retry_dead_letter(id));
  EXPECT_THAT(queue_->dead_letters(1), IsEmpty());
  const auto again = queue_->receive(0ms);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->body(), "letter");
  EXPECT_EQ(again->headers().front(), (std::pair<std::string, std::string>("a", "1")));
  EXPECT_EQ(again->attempt(), 1U);
  EXPECT_EQ(again->context().trace_id(), sender.trace_id());
}

TEST_P(KeepingConformance, PartsMeetAgain) {
  EXPECT_THAT(queue_->arrive("report", 2, 3, "c"), IsEmpty());
  EXPECT_THAT(queue_->arrive("report", 0, 3, "a"), IsEmpty());
  EXPECT_THAT(queue_->arrive("report", 0, 3, "a once more"), IsEmpty());
  EXPECT_THAT(queue_->arrive("other", 1, 3, "x"), IsEmpty());
  EXPECT_THAT(another()->arrive("report", 1, 3, "b"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(queue_->arrive("report", 1, 3, "b"), ElementsAre("a", "b", "c"));
}

TEST_P(KeepingConformance, ForgetsADeadLetter) {
  send("letter");
  ASSERT_TRUE(queue_->receive(0ms)->dead_letter("no use"));
  EXPECT_FALSE(queue_->remove_dead_letter("no such id"));
  EXPECT_TRUE(queue_->remove_dead_letter(queue_->dead_letters(1).at(0).id));
  EXPECT_EQ(queue_->counts().dead, 0U);
  EXPECT_FALSE(queue_->remove_dead_letter("1"));
}

}  // namespace
}  // namespace waybill::queue
