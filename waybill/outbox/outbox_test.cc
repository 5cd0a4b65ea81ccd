#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/core/scope.h>
#include <waybill/core/trace_text.h>
#include <waybill/outbox/outbox.h>
#include <waybill/outbox/sqlite_outbox.h>
#include <waybill/queue/internal/faulty_queue.h>
#include <waybill/queue/internal/sqlite.h>
#include <waybill/queue/internal/test_directory.h>

namespace waybill::outbox {
namespace {

using namespace std::chrono_literals;
using queue::internal::Database;
using queue::internal::FaultyQueue;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class OutboxTest : public ::testing::Test {
 protected:
  OutboxTest() {
    create_table(shop_.handle());
    shop_.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, trace_id TEXT)");
  }

  // What a relay does in one go; the bodies.
  std::vector<std::string> move() {
    std::vector<std::string> bodies;
    outbox_.move(100, [&](const std::vector<queue::Message>& messages) {
      for (const queue::Message& message : messages) bodies.push_back(message.body);
      last_ = messages;
      return std::vector<Sent>(messages.size());
    });
    return bodies;
  }
  void add_body(const std::string& body) { add(shop_.handle(), "jobs", {.body = body}); }
  std::int64_t rows() { return shop_.number("SELECT count(*) FROM waybill_outbox"); }

  queue::internal::TestDirectory directory_;
  const std::string file_ = directory_.file("shop.db");
  Database shop_{file_, 5s};
  SqliteOutbox outbox_{file_, "jobs"};
  std::vector<queue::Message> last_;
};

TEST_F(OutboxTest, TheRowAndTheMessageAreCommittedTogether) {
  const Scope scope{Context::new_trace({.name = "order-7"}).with({{"account_id", "acme"}})};
  shop_.execute("BEGIN IMMEDIATE");
  queue::internal::Statement insert(shop_, "INSERT INTO orders(id, trace_id) VALUES(7, ?1)");
  const std::string trace = trace_text();
  insert.run(queue::internal::Text{trace});
  add_body("charge");
  EXPECT_THAT(move(), IsEmpty());
  shop_.execute("COMMIT");
  EXPECT_THAT(move(), ElementsAre("charge"));
  EXPECT_EQ(rows(), 0);

  const auto queue = queue::open("memory:outbox-together");
  queue->send(last_);
  const auto delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->context().trace_name(), shop_.text("SELECT trace_id FROM orders"));
  ASSERT_THAT(delivery->context().fields(), SizeIs(1));
  EXPECT_EQ(delivery->context().fields()[0], (Field{"account_id", "acme"}));
}

TEST_F(OutboxTest, WhatIsRolledBackIsNotSent) {
  shop_.execute("BEGIN IMMEDIATE");
  add_body("never");
  shop_.execute("ROLLBACK");
  EXPECT_THAT(move(), IsEmpty());
}

TEST_F(OutboxTest, MovesInOrderAndOnlyItsOwn) {
  for (const char* body : {"a", "b", "c"}) add_body(body);
  add(shop_.handle(), "mails", {.body = "not mine"});
  EXPECT_THAT(move(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(rows(), 1);
}

TEST_F(OutboxTest, KeepsBytesPriorityDelayAndKey) {
  const std::string bytes("\0\xff{", 3);
  add(shop_.handle(), "jobs",
      {.body = bytes,
       .headers = {{"a", "\"1\""}},
       .delay = 1h,
       .priority = queue::Priority::kHigh,
       .deduplication_key = "k"});
  EXPECT_THAT(move(), ElementsAre(bytes));
  EXPECT_EQ(last_[0].headers[0], (std::pair<std::string, std::string>("a", "\"1\"")));
  EXPECT_GT(last_[0].delay, 59min);
  EXPECT_LE(last_[0].delay, 1h);
  EXPECT_EQ(last_[0].priority, queue::Priority::kHigh);
  EXPECT_EQ(last_[0].deduplication_key, "k");
}

TEST_F(OutboxTest, WhatIsSentAgainIsDroppedByTheQueue) {
  const std::shared_ptr<queue::Queue> queue = queue::open("memory:outbox-again");
  add_body("once");
  EXPECT_THROW(outbox_.move(10,
                            [&](std::vector<queue::Message> messages) -> std::vector<Sent> {
                              queue->send(std::move(messages));
                              throw std::runtime_error("crashed before the row was deleted");
                            }),
               std::runtime_error);
  EXPECT_EQ(rows(), 1);
  outbox_.move(10, [&](std::vector<queue::Message> messages) {
    queue->send(std::move(messages));
    return std::vector<Sent>(1);
  });
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(queue->counts().ready, 1U);
}

TEST_F(OutboxTest, RowsThatAreNoMessagesStayWithAReason) {
  shop_.execute("INSERT INTO waybill_outbox(queue, body, headers) VALUES('jobs', 'bad', '[1]')");
  shop_.execute("INSERT INTO waybill_outbox(queue, body, priority) VALUES('jobs', 'bad', 9)");
  shop_.execute(
      "INSERT INTO waybill_outbox(queue, body, due_at) VALUES('jobs', 'old', "
      "-9223372036854775808)");
  add_body("good");
  EXPECT_THAT(move(), ElementsAre("old", "good"));
  EXPECT_EQ(rows(), 2);
  EXPECT_THAT(shop_.text("SELECT group_concat(error) FROM waybill_outbox"),
              AllOf(HasSubstr("column 'headers'"), HasSubstr("column 'priority'")));
  EXPECT_THAT(move(), IsEmpty());
  shop_.execute("UPDATE waybill_outbox SET error = NULL, headers = '[]', priority = 1");
  EXPECT_THAT(move(), SizeIs(2));
}

TEST_F(OutboxTest, AnotherLanguageWritesTheBodyAlone) {
  shop_.execute("INSERT INTO waybill_outbox(queue, body) VALUES('jobs', CAST('{}' AS BLOB))");
  EXPECT_THAT(move(), ElementsAre("{}"));
  EXPECT_THAT(last_[0].headers, IsEmpty());
  EXPECT_THAT(last_[0].deduplication_key, SizeIs(32));
}

TEST_F(OutboxTest, RefusesWhatCannotBeKept) {
  EXPECT_THROW(add(shop_.handle(), "jobs", {.body = "", .headers = {{"a", "\xff"}}}), Error);
  EXPECT_THROW(add(shop_.handle(), "jobs",
                   queue::Message{.body = "", .deduplication_key = std::string(257, 'k')}),
               Error);
  EXPECT_THROW(SqliteOutbox("/no/such/folder/shop.db", "jobs"), Error);
  EXPECT_THROW(Relay(nullptr, queue::open("memory:outbox-x")), Error);
}

class RelayTest : public OutboxTest {
 protected:
  template <class Condition>
  void relay_until(std::shared_ptr<queue::Queue> queue, Condition&& condition) {
    Relay relay(std::make_shared<SqliteOutbox>(file_, "jobs"), std::move(queue));
    std::thread running([&] { relay.run(); });
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (!condition(relay.counts()) && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(1ms);
    }
    EXPECT_TRUE(condition(relay.counts()));
    relay.stop();
    running.join();
  }
};

TEST_F(RelayTest, MovesWhatIsCommittedMeanwhile) {
  const std::shared_ptr<queue::Queue> queue = queue::open("memory:outbox-relay");
  std::size_t added = 0;
  relay_until(queue, [&](const RelayCounts& counts) {
    if (counts.moved == added && added < 5) add_body(std::to_string(added++));
    return counts.moved == 5;
  });
  std::vector<std::string> bodies;
  for (const auto& delivery : queue->receive(10, 0ms)) bodies.push_back(delivery.body());
  EXPECT_THAT(bodies, ElementsAre("0", "1", "2", "3", "4"));
}

TEST_F(RelayTest, TriesAgainWhileTheQueueTakesNothing) {
  const auto queue = std::make_shared<FaultyQueue>("outbox-full");
  queue->failing_sends = 10;
  for (const char* body : {"a", "b", "c"}) add_body(body);
  relay_until(queue, [](const RelayCounts& counts) { return counts.moved == 3; });
  EXPECT_EQ(rows(), 0);
  std::vector<std::string> bodies;
  for (const auto& delivery : queue->receive(10, 0ms)) bodies.push_back(delivery.body());
  EXPECT_THAT(bodies, UnorderedElementsAre("a", "b", "c"));
}

TEST_F(RelayTest, WhatTheQueueDoesNotTakeIsInNobodysWay) {
  for (const char* body : {"too large", "a", "too large", "too large", "b", "c"}) add_body(body);
  const auto queue = std::make_shared<FaultyQueue>("outbox-refused");
  queue->failing_sends = 1;
  queue->refused_body = "too large";
  relay_until(queue,
              [](const RelayCounts& counts) { return counts.moved == 3 && counts.refused == 3; });
  EXPECT_EQ(rows(), 3);
  EXPECT_THAT(shop_.text("SELECT error FROM waybill_outbox"), HasSubstr("a message is too large"));
}

TEST_F(RelayTest, TheLastOfAllIsNotRefusedUntilAnotherOneIsTaken) {
  add_body("too large");
  const auto queue = std::make_shared<FaultyQueue>("outbox-alone");
  queue->refused_body = "too large";
  relay_until(queue, [](const RelayCounts& counts) { return counts.failures == 4; });
  EXPECT_EQ(shop_.number("SELECT count(*) FROM waybill_outbox WHERE error IS NULL"), 1);
}

}  // namespace
}  // namespace waybill::outbox
