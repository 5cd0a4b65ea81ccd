// What only the SQLite queue does: the file, other processes' connections to it, and its failures.

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <waybill/core/error.h>
#include <waybill/queue/internal/sqlite_schema.h>
#include <waybill/queue/internal/sqlite_store.h>
#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue/sqlite_queue.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using internal::Database;
using internal::SqliteStore;
using internal::Transaction;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr auto kAMinute = 60s;

template <class Function>
std::string error_of(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

class SqliteQueueTest : public ::testing::Test {
 protected:
  std::unique_ptr<Queue> open_queue(const std::string& name = "work", const Options& options = {}) {
    return open("sqlite:" + path_ + "?queue=" + name, options);
  }
  // A connection of its own, as another process would have one.
  Database connect() { return Database(path_, 5s); }

  std::string contents() {
    std::ostringstream text;
    text << std::ifstream(path_, std::ios::binary).rdbuf();
    return text.str();
  }

  // Whoever waits looks once more when the time is up, which must not pass for having been woken.
  void TearDown() override {
    EXPECT_LT(std::chrono::steady_clock::now() - start_, kAMinute / 2) << "nothing woke a wait";
  }

  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  internal::TestDirectory directory_;
  std::string path_ = directory_.file("queue.db");
};

TEST_F(SqliteQueueTest, KeepsEverythingWhenClosedAndOpenedAgain) {
  std::string id;
  {
    const auto queue = open_queue();
    queue->send({{.body = "dead"}, {.body = "retried", .headers = {{"a", "b"}}}});
    queue->send({.body = "delayed", .delay = 1h});
    std::vector<Delivery> deliveries = queue->receive(2, 0ms);
    ASSERT_THAT(deliveries, SizeIs(2));
    ASSERT_TRUE(deliveries[0].dead_letter("why not") && deliveries[1].retry());
    id = deliveries[1].id();
  }
  const auto queue = open_queue();
  const std::optional<Delivery> delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->id(), id);
  EXPECT_EQ(delivery->body(), "retried");
  EXPECT_THAT(delivery->headers(), ElementsAre(Pair("a", "b")));
  EXPECT_EQ(delivery->attempt(), 2u);
  EXPECT_EQ(queue->counts().delayed, 1u);
  const std::vector<DeadLetter> letters = queue->dead_letters(10);
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].body, "dead");
  EXPECT_EQ(letters[0].reason, "why not");
}

TEST_F(SqliteQueueTest, QueuesOfOneFileHaveNothingToDoWithEachOther) {
  const auto mails = open_queue("mails");
  const auto bills = open_queue("bills");
  mails->send({.body = "mail"});
  bills->send({.body = "bill"});
  std::vector<Delivery> deliveries = bills->receive(10, 0ms);
  ASSERT_THAT(deliveries, SizeIs(1));
  EXPECT_EQ(deliveries[0].body(), "bill");
  EXPECT_TRUE(deliveries[0].dead_letter("x"));
  EXPECT_THAT(mails->dead_letters(10), IsEmpty());
  EXPECT_EQ(mails->counts().ready, 1u);
  EXPECT_EQ(bills->counts().ready, 0u);
}

TEST_F(SqliteQueueTest, NeverUsesAnIdAgain) {
  const auto queue = open_queue();
  queue->send({.body = "first"});
  std::optional<Delivery> first = queue->receive(0ms);
  ASSERT_TRUE(first && first->ack());
  queue->send({.body = "second"});
  EXPECT_NE(queue->receive(0ms).value().id(), first->id());
}

TEST_F(SqliteQueueTest, WritesToTheDiskBeforeItReturns) {
  open_queue();
  // The mode of the file is in the file; that of a connection, only there.
  EXPECT_EQ(connect().text("PRAGMA journal_mode"), "wal");
  constexpr std::int64_t kFull = 2;
  EXPECT_EQ(internal::open_queue_file(path_, 1s).number("PRAGMA synchronous"), kFull);
}

TEST_F(SqliteQueueTest, NoticesWhatAnotherProcessSends) {
  const auto queue = open_queue();
  SqliteStore other(path_, 5s);
  auto received = std::async(std::launch::async, [&] { return queue->receive(kAMinute); });
  const Message message{.body = "from outside"};
  other.send(other.queue_number("work").value(), {&message, 1}, 1min);
  EXPECT_EQ(received.get().value().body(), "from outside");
}

TEST_F(SqliteQueueTest, AWaitThatSeesNoChangeLastsUntilItsDeadline) {
  SqliteStore store(path_, 5s);
  const std::int64_t work = store.queue_number("work").value();
  const auto deadline = std::chrono::steady_clock::now() + 50ms;
  store.wait(store.look(work), deadline);
  EXPECT_GE(std::chrono::steady_clock::now(), deadline);
}

TEST_F(SqliteQueueTest, AnotherProcessTakesWhatThisOneLetSlip) {
  const auto queue = open_queue("work", {.visibility_timeout = 1ms});
  SqliteStore other(path_, 5s);
  queue->send({.body = "slippery"});
  std::optional<Delivery> delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  std::vector<internal::Taken> taken;
  while (taken.empty()) taken = other.take(other.queue_number("work").value(), 1, kAMinute);
  EXPECT_EQ(taken[0].claim.attempt, 2u);
  EXPECT_FALSE(delivery->ack());
  EXPECT_THAT(other.ack({&taken[0].claim, 1}), ElementsAre(Settlement::kDone));
}

TEST_F(SqliteQueueTest, RefusesPathsThatCannotBeUsed) {
  for (const std::string& path :
       {directory_.file(""), directory_.file("missing/queue.db"), std::string("/proc/queue.db")}) {
    EXPECT_THAT(error_of([&] { open("sqlite:" + path + "?queue=a"); }),
                AllOf(HasSubstr(std::filesystem::weakly_canonical(path).string()),
                      HasSubstr("cannot be used: unable to open database file")));
  }
}

TEST_F(SqliteQueueTest, RefusesAFileThatIsNoDatabaseAndLeavesItAsItWas) {
  const std::string text(4096, 'x');
  std::ofstream(path_) << text;
  EXPECT_THAT(error_of([&] { open_queue(); }),
              AllOf(HasSubstr(path_), HasSubstr("file is not a database")));
  EXPECT_EQ(contents(), text);
}

TEST_F(SqliteQueueTest, RefusesADatabaseOfSomethingElseAndLeavesItAsItWas) {
  connect().execute("CREATE TABLE customers(id); PRAGMA user_version = 1");
  const std::string before = contents();
  EXPECT_THAT(error_of([&] { open_queue(); }),
              AllOf(HasSubstr(path_), HasSubstr("a database of something else")));
  EXPECT_EQ(contents(), before);
}

TEST_F(SqliteQueueTest, RefusesASchemaVersionItDoesNotKnow) {
  open_queue();
  connect().execute("PRAGMA user_version = 7");
  EXPECT_THAT(
      error_of([&] { open_queue(); }),
      AllOf(HasSubstr(path_), HasSubstr("schema version is 7, this program knows version 2")));
}

TEST_F(SqliteQueueTest, ALockedFileFailsSendAndKeepsDeliveriesUnsettled) {
  const auto queue = open_queue("work", {.busy_timeout = 1ms});
  queue->send({{.body = "held"}, {.body = "waiting"}});
  std::vector<Delivery> held = queue->receive(1, 0ms);
  ASSERT_THAT(held, SizeIs(1));

  Database other = connect();
  {
    const Transaction locked(other);
    EXPECT_THAT(error_of([&] { queue->send({.body = "lost"}); }),
                AllOf(HasSubstr("queue 'work' in '" + path_ + "' could not store a message"),
                      HasSubstr("database is locked")));
    EXPECT_FALSE(queue->receive(10ms));
    EXPECT_FALSE(held[0].ack());
    EXPECT_FALSE(held[0].retry());
    EXPECT_FALSE(held[0].dead_letter("x"));
    EXPECT_FALSE(held[0].extend(1s));
    EXPECT_EQ(queue->ack(held), 0u);
    EXPECT_FALSE(held[0].settled());
    EXPECT_EQ(queue->counts().failed_settlements, 5u);
  }
  EXPECT_TRUE(held[0].ack());
  EXPECT_EQ(queue->counts().in_flight, 0u);
  EXPECT_EQ(queue->counts().ready, 1u);
}

TEST_F(SqliteQueueTest, AReceiverGetsItsMessageOnceTheFileIsUnlocked) {
  const auto queue = open_queue("work", {.busy_timeout = 0ms});
  queue->send({.body = "patience"});
  Database other = connect();
  std::optional<Transaction> locked(other);
  auto received = std::async(std::launch::async, [&] { return queue->receive(kAMinute); });
  EXPECT_EQ(received.wait_for(30ms), std::future_status::timeout);
  locked.reset();
  EXPECT_TRUE(received.get());
}

// Exits with 0 if what is sent to a file that may not grow fails as it should.
void send_beyond_the_limit(const std::string& path) {
  const auto queue = open("sqlite:" + path + "?queue=work");
  queue->send({.body = "before"});
  signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{1 << 20, 1 << 20};
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) std::exit(2);
  const std::string error = error_of([&] {
    queue->send({{.body = "small"}, {.body = std::string(2 << 20, 'x')}});
  });
  if (error.find(path + "' could not store a message: ") == std::string::npos) std::exit(3);
  if (queue->counts().ready != 1) std::exit(4);
  queue->send({.body = "after"});
  std::exit(queue->counts().ready == 2 ? 0 : 5);
}

TEST_F(SqliteQueueTest, AFullDiskFailsSendAsAWhole) {
  EXPECT_EXIT(send_beyond_the_limit(path_), ::testing::ExitedWithCode(0), "");
  const auto queue = open_queue();
  std::vector<std::string> bodies;
  for (const Delivery& delivery : queue->receive(10, 0ms)) bodies.push_back(delivery.body());
  EXPECT_THAT(bodies, ElementsAre("before", "after"));
}

TEST_F(SqliteQueueTest, ADamagedFileIsReportedAndNeverCrashes) {
  { open_queue()->send(std::vector<Message>(200, {.body = std::string(500, 'x')})); }
  {
    // All but the first page, which says what the file is.
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(std::filesystem::file_size(path_) - 4096, '\x5a');
  }
  std::unique_ptr<Queue> queue;
  const std::string error = error_of([&] {
    queue = open_queue();
    queue->receive(10, 0ms);
  });
  EXPECT_THAT(error, AllOf(HasSubstr(path_), HasSubstr("malformed")));
}

TEST_F(SqliteQueueTest, WhatCannotBeReadBecomesADeadLetterWithItsBytes) {
  const auto queue = open_queue();
  queue->send({{.body = "bad headers"}, {.body = "no payload"}, {.body = "good"}});
  connect().execute(
      "UPDATE payloads SET headers = x'01' WHERE body = CAST('bad headers' AS BLOB);"
      "DELETE FROM payloads WHERE body = CAST('no payload' AS BLOB)");
  const std::vector<Delivery> deliveries = queue->receive(10, 0ms);
  ASSERT_THAT(deliveries, SizeIs(1));
  EXPECT_EQ(deliveries[0].body(), "good");

  const std::vector<DeadLetter> letters = queue->dead_letters(10);
  ASSERT_THAT(letters, SizeIs(2));
  EXPECT_EQ(letters[0].body, "bad headers");
  EXPECT_EQ(letters[0].reason, "its headers cannot be read");
  EXPECT_EQ(letters[1].body, "");
  EXPECT_EQ(letters[1].reason, "its payload is missing from the queue file");
}

}  // namespace
}  // namespace waybill::queue
