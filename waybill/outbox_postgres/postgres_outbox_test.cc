#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/core/scope.h>
#include <waybill/core/trace_text.h>
#include <waybill/outbox_postgres/internal/postgres.h>
#include <waybill/outbox_postgres/postgres_outbox.h>
#include <waybill/queue/internal/test_directory.h>

#include "tests/support/port.h"
#include "tests/support/process.h"

namespace waybill::outbox {
namespace {

using namespace std::chrono_literals;
using internal::execute;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A server of the test's own, on a free loopback port.
class Server {
 public:
  Server() {
    std::filesystem::permissions(directory_.file(""), std::filesystem::perms::all);
    run({INITDB, "-D", data_, "-A", "trust", "-U", "waybill", "--no-sync"});
    start();
  }

  void start() {
    process_.emplace(as_user({POSTGRES, "-D", data_, "-p", std::to_string(port_), "-c",
                              "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="}),
                     directory_.file("log"));
    EXPECT_TRUE(test::eventually([this] { return PQping(string().c_str()) == PQPING_OK; }, 60));
  }
  void kill() {
    process_->send_signal(SIGKILL);
    process_->wait();
  }
  std::string string() const {
    return "host=127.0.0.1 port=" + std::to_string(port_) + " user=waybill dbname=postgres";
  }

 private:
  // PostgreSQL refuses to be run by root.
  static std::vector<std::string> as_user(std::vector<std::string> argv) {
    if (geteuid() != 0) return argv;
    const char* const prefix[] = {"/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres",
                                  "--clear-groups"};
    argv.insert(argv.begin(), std::begin(prefix), std::end(prefix));
    return argv;
  }
  void run(std::vector<std::string> argv) {
    EXPECT_EQ(test::Process(as_user(std::move(argv)), directory_.file("initdb.log")).wait(), 0);
  }

  queue::internal::TestDirectory directory_;
  const std::string data_ = directory_.file("data");
  const int port_ = test::some_port();
  std::optional<test::Process> process_;
};

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, Finish>;

class PostgresOutboxTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new Server; }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }

  PostgresOutboxTest() {
    create_table(shop_.get());
    execute(shop_.get(), "TRUNCATE waybill_outbox");
    execute(shop_.get(), "DROP TABLE IF EXISTS orders");
    execute(shop_.get(), "CREATE TABLE orders(id bigint PRIMARY KEY, trace_id text)");
  }

  static Connection connect() { return Connection(PQconnectdb(server_->string().c_str())); }
  std::string text(const char* sql) { return std::string(execute(shop_.get(), sql).bytes(0, 0)); }
  std::int64_t rows() {
    return execute(shop_.get(), "SELECT count(*) FROM waybill_outbox").integer(0, 0);
  }
  std::vector<std::string> move() {
    std::vector<std::string> bodies;
    outbox_.move(100, [&](const std::vector<queue::Message>& messages) {
      for (const queue::Message& message : messages) bodies.push_back(message.body);
      last_ = messages;
      return std::vector<Sent>(messages.size());
    });
    return bodies;
  }
  void add_body(const std::string& body) { add(shop_.get(), "jobs", {.body = body}); }

  static inline Server* server_ = nullptr;
  Connection shop_ = connect();
  PostgresOutbox outbox_{server_->string(), "jobs"};
  std::vector<queue::Message> last_;
};

TEST_F(PostgresOutboxTest, TheRowAndTheMessageAreCommittedTogether) {
  const Scope scope{Context::new_trace({.name = "order-7"}).with({{"account_id", "acme"}})};
  execute(shop_.get(), "BEGIN");
  execute(shop_.get(), "INSERT INTO orders VALUES(7, $1)", {trace_text()});
  add_body("charge");
  EXPECT_THAT(move(), IsEmpty());
  execute(shop_.get(), "COMMIT");
  EXPECT_EQ(text("SELECT trace_id FROM waybill_outbox"), "order-7");
  EXPECT_THAT(move(), ElementsAre("charge"));
  EXPECT_EQ(rows(), 0);

  const auto queue = queue::open("memory:postgres-outbox");
  queue->send(last_);
  const auto delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->context().trace_name(), text("SELECT trace_id FROM orders"));
  EXPECT_EQ(delivery->context().fields()[0], (Field{"account_id", "acme"}));
}

TEST_F(PostgresOutboxTest, WhatIsRolledBackIsNotSent) {
  execute(shop_.get(), "BEGIN");
  add_body("never");
  execute(shop_.get(), "ROLLBACK");
  EXPECT_THAT(move(), IsEmpty());
}

TEST_F(PostgresOutboxTest, KeepsBytesPriorityDelayAndKey) {
  const std::string bytes("\0\xff{", 3);
  add(shop_.get(), "jobs",
      {.body = bytes,
       .headers = {{"a", "\"1\""}},
       .delay = 1h,
       .priority = queue::Priority::kHigh,
       .deduplication_key = "k"});
  add(shop_.get(), "mails", {.body = "not mine"});
  EXPECT_THAT(move(), ElementsAre(bytes));
  EXPECT_EQ(last_[0].headers[0], (std::pair<std::string, std::string>("a", "\"1\"")));
  EXPECT_GT(last_[0].delay, 59min);
  EXPECT_LE(last_[0].delay, 1h);
  EXPECT_EQ(last_[0].priority, queue::Priority::kHigh);
  EXPECT_EQ(last_[0].deduplication_key, "k");
  EXPECT_EQ(rows(), 1);
}

TEST_F(PostgresOutboxTest, RowsThatAreNoMessagesStayWithAReason) {
  execute(shop_.get(),
          "INSERT INTO waybill_outbox(queue, body, headers) VALUES('jobs', 'bad', '[1]')");
  execute(shop_.get(),
          "INSERT INTO waybill_outbox(queue, body, priority) VALUES('jobs', 'bad', -1)");
  execute(shop_.get(), "INSERT INTO waybill_outbox(queue, body) VALUES('jobs', 'by Django')");
  execute(shop_.get(),
          "INSERT INTO waybill_outbox(queue, body, due_at) VALUES('jobs', 'ever', 'infinity')");
  execute(shop_.get(),
          "INSERT INTO waybill_outbox(queue, body, due_at) VALUES('jobs', 'old', '4000-01-01 BC')");
  EXPECT_THAT(move(), ElementsAre("by Django", "ever", "old"));
  EXPECT_THAT(last_[0].deduplication_key, SizeIs(36));
  EXPECT_EQ(rows(), 2);
  EXPECT_THAT(text("SELECT string_agg(error, ' ') FROM waybill_outbox"),
              AllOf(HasSubstr("column 'headers'"), HasSubstr("column 'priority'")));
  EXPECT_THAT(move(), IsEmpty());
}

TEST_F(PostgresOutboxTest, RelaysShareTheRows) {
  constexpr int kRows = 200;
  for (int i = 0; i < kRows; ++i) add_body(std::to_string(i));
  std::atomic<std::size_t> moved = 0;
  std::vector<std::thread> relays;
  for (int i = 0; i < 3; ++i) {
    relays.emplace_back([&] {
      PostgresOutbox mine(server_->string(), "jobs");
      while (moved < kRows) {
        mine.move(7, [&](const std::vector<queue::Message>& batch) {
          moved += batch.size();
          return std::vector<Sent>(batch.size());
        });
      }
    });
  }
  for (std::thread& relay : relays) relay.join();
  EXPECT_EQ(moved, static_cast<std::size_t>(kRows)) << "none twice";
  EXPECT_EQ(rows(), 0);
}

TEST_F(PostgresOutboxTest, WhatFailsToBeSentStays) {
  add_body("patient");
  EXPECT_THROW(outbox_.move(10, [](const auto&) -> std::vector<Sent> { throw Error("away"); }),
               Error);
  EXPECT_THAT(move(), ElementsAre("patient"));
}

TEST_F(PostgresOutboxTest, WhatIsRefusedStaysMarked) {
  for (const char* body : {"too large", "fine", "later"}) add_body(body);
  const PostgresOutbox::Moved moved = outbox_.move(3, [](const auto&) {
    return std::vector<Sent>{
        {.state = Sent::kRefused, .reason = "a message is too large"}, {}, {Sent::kKept, {}}};
  });
  EXPECT_EQ(moved.sent, 1U);
  EXPECT_EQ(moved.refused, 1U);
  EXPECT_THAT(move(), ElementsAre("later"));
  EXPECT_THAT(text("SELECT error FROM waybill_outbox"), HasSubstr("too large"));
}

TEST_F(PostgresOutboxTest, ACommitWakesARelayThatWaits) {
  EXPECT_THAT(move(), IsEmpty());
  outbox_.wait(0ms);  // what earlier tests have told
  std::thread adding([this] { add_body("now"); });
  const auto begin = std::chrono::steady_clock::now();
  outbox_.wait(1s);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 900ms);
  adding.join();
  EXPECT_THAT(move(), ElementsAre("now"));
}

TEST_F(PostgresOutboxTest, ARelayOutlivesTheServer) {
  const std::shared_ptr<queue::Queue> queue = queue::open("memory:postgres-restart");
  Relay relay(std::make_shared<PostgresOutbox>(server_->string(), "jobs"), queue);
  std::thread running([&] { relay.run(); });
  add_body("before");
  EXPECT_TRUE(test::eventually([&] { return relay.counts().moved == 1; }, 30));
  server_->kill();
  EXPECT_TRUE(test::eventually([&] { return relay.counts().failures > 0; }, 30));
  server_->start();
  shop_ = connect();
  add_body("after");
  EXPECT_TRUE(test::eventually([&] { return relay.counts().moved == 2; }, 60));
  relay.stop();
  running.join();
  EXPECT_EQ(queue->counts().ready, 2U);
}

TEST_F(PostgresOutboxTest, SaysWhatCannotBeReached) {
  try {
    PostgresOutbox("host=127.0.0.1 port=1 user=waybill password=secret", "jobs");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("PostgreSQL cannot be reached"),
                                    HasSubstr("127.0.0.1"), ::testing::Not(HasSubstr("secret"))));
  }
}

}  // namespace
}  // namespace waybill::outbox
