// What a queue in Redis does beyond what every kind does: deliveries that are late, threads and
// processes that wait, consumers that are killed, replicas and clusters.

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_redis/internal/test_redis.h>
#include <waybill/queue_redis/queue_redis.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using internal::TestRedis;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class RedisQueue : public ::testing::Test {
 protected:
  void SetUp() override { enable_redis(); }
  std::unique_ptr<Queue> open_queue(const Options& options = {}) {
    return open(redis_.url("q"), options);
  }
  static std::string key(const std::string& name) { return "waybill:{q}:" + name; }

  // Deliveries whose time-out has passed, their messages back in line.
  std::vector<Delivery> late_deliveries(std::size_t count) {
    const auto brief = open_queue({.visibility_timeout = 1ms});
    for (std::size_t i = 0; i < count; ++i) brief->send({.body = std::to_string(i)});
    std::vector<Delivery> deliveries = brief->receive(count, 0ms);
    const auto are_back = [&] { return brief->counts().ready == count; };
    EXPECT_TRUE(test::eventually(are_back, 60));
    EXPECT_THAT(brief->peek(100), SizeIs(count));  // which puts them there
    EXPECT_EQ(redis_.ask_number({"HLEN", key("moved")}), static_cast<long long>(count));
    return deliveries;
  }
  // Of this queue, that there would be in a dump when it is empty.
  void expect_nothing_left() {
    for (const std::string name : {"moved", "leases", "delayed"}) {
      EXPECT_EQ(redis_.ask_number({"EXISTS", key(name)}), 0) << name;
    }
    for (const std::string name : {"low", "normal", "high", "later"}) {
      EXPECT_EQ(redis_.ask_number({"XLEN", key(name)}), 0) << name;
      const auto pending = redis_.ask({"XPENDING", key(name), "waybill"});
      EXPECT_EQ(pending->elements == 4 ? pending->element[0]->integer : 0, 0) << name;
    }
  }

  TestRedis redis_;
};

TEST_F(RedisQueue, WhatIsLateMayBeSettledAsLongAsNobodyElseHasIt) {
  std::vector<Delivery> late = late_deliveries(4);
  const auto queue = open_queue();
  EXPECT_TRUE(late[0].ack());
  EXPECT_TRUE(late[1].retry(1h));
  EXPECT_TRUE(late[2].dead_letter("late"));
  EXPECT_TRUE(late[3].extend(1h));
  EXPECT_FALSE(queue->receive(0ms));
  const Counts counts = queue->counts();
  EXPECT_EQ(counts.ready, 0U);
  EXPECT_EQ(counts.delayed, 1U);
  EXPECT_EQ(counts.in_flight, 1U);
  EXPECT_EQ(counts.dead, 1U);
  EXPECT_EQ(queue->dead_letters(1).at(0).attempts, 1U);
  const auto seen = queue->peek(10);
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_EQ(seen[0].state, QueuedMessage::State::kInFlight);
  EXPECT_EQ(seen[0].attempts, 1U);
  EXPECT_TRUE(late[3].extend(1ms));
  auto again = queue->receive(60s);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->attempt(), 2U);
  EXPECT_EQ(again->body(), "3");
  EXPECT_FALSE(late[3].ack());
  EXPECT_TRUE(again->ack());
}

TEST_F(RedisQueue, WhatIsLateIsLostOnceSomebodyElseHasIt) {
  std::vector<Delivery> late = late_deliveries(4);
  const auto queue = open_queue();
  std::vector<Delivery> good = queue->receive(4, 0ms);
  ASSERT_THAT(good, SizeIs(4));
  EXPECT_FALSE(late[1].retry());
  EXPECT_FALSE(late[2].dead_letter("late"));
  EXPECT_FALSE(late[3].extend(1h));
  EXPECT_EQ(queue->ack(late), 0U);
  EXPECT_EQ(queue->counts().in_flight, 4U);
  EXPECT_EQ(queue->ack(good), 4U);
  expect_nothing_left();
}

TEST_F(RedisQueue, NothingOfAMessageIsLeftBehind) {
  const auto queue = open_queue({.visibility_timeout = 30ms});
  queue->send({{.body = "high", .priority = Priority::kHigh}, {.body = "a"}, {.body = "b"}});
  queue->send({.body = "delayed", .delay = 10ms});
  for (int comebacks = 0; comebacks < 12;) {
    for (Delivery& delivery : queue->receive(10, 60s)) {
      ++comebacks;
      EXPECT_TRUE(delivery.attempt() != 2 || delivery.extend(20ms));
    }
  }
  std::size_t acked = 0;
  while (acked < 4) {
    std::vector<Delivery> deliveries = queue->receive(10, 60s);
    acked += queue->ack(deliveries);
  }
  expect_nothing_left();
}

TEST_F(RedisQueue, DifferentTimeoutsOfOneQueueAreEachKept) {
  const auto longer = open_queue({.visibility_timeout = 1h});
  const auto brief = open_queue({.visibility_timeout = 30ms});
  longer->send({{.body = "a"}, {.body = "b"}, {.body = "c"}});
  const auto held = longer->receive(0ms);
  const auto dropped = brief->receive(0ms);
  const auto held_too = longer->receive(0ms);
  EXPECT_EQ(longer->receive(60s)->body(), "b");
  EXPECT_EQ(longer->counts().in_flight, 3U);
}

TEST_F(RedisQueue, TimeoutsThatNobodyUsesAreForgotten) {
  const auto queue = open_queue();
  for (int i = 1; i <= 20; ++i) {
    queue->send({.body = "x"});
    EXPECT_TRUE(open_queue({.visibility_timeout = i * 1h})->receive(0ms)->ack());
  }
  queue->send({.body = "kept"});
  const auto kept = open_queue({.visibility_timeout = 100h})->receive(0ms);
  EXPECT_FALSE(queue->receive(0ms));
  EXPECT_EQ(redis_.ask_number({"SCARD", key("timeouts")}), 2);
  EXPECT_EQ(redis_.ask({"XINFO", "CONSUMERS", key("normal"), "waybill"})->elements, 1U);
}

// One that waits for a second would look by itself; those who are told do so at once.
TEST_F(RedisQueue, WhoWaitsElsewhereIsToldAtOnce) {
  constexpr int kRounds = 20;
  const auto there = open_queue();
  const auto start = std::chrono::steady_clock::now();
  auto echo = std::async(std::launch::async, [&] {
    for (int i = 0; i < kRounds; ++i) EXPECT_TRUE(there->receive(60s)->ack());
  });
  const auto queue = open_queue();
  for (int i = 0; i < kRounds; ++i) {
    EXPECT_TRUE(test::eventually(
        [&] {
          return redis_.ask_number({"ZCARD", key("waiting")}) == 1;
        },
        60));
    queue->send({.body = "x", .delay = i % 2 * 5ms});
  }
  echo.get();
  EXPECT_LT(std::chrono::steady_clock::now() - start, kRounds * 500ms);
}

TEST_F(RedisQueue, AllThatWaitAreServedWithOneConnection) {
  constexpr int kThreads = 30;
  const auto queue = open_queue();
  const auto other = open_queue();
  std::vector<std::future<std::string>> waiting;
  waiting.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    waiting.push_back(std::async(
        std::launch::async, [&, i] { return (i % 3 == 0 ? other : queue)->receive(60s)->body(); }));
  }
  const auto waits = [&] { return redis_.ask_number({"ZCARD", key("waiting")}) == 2; };
  EXPECT_TRUE(test::eventually(waits, 60));
  const std::string clients = redis_.ask_text({"CLIENT", "LIST"});
  EXPECT_LE(std::count(clients.begin(), clients.end(), '\n'), 2 * 9 + 1);
  std::vector<Message> messages;
  messages.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) messages.push_back({.body = std::to_string(i)});
  const auto start = std::chrono::steady_clock::now();
  queue->send(std::move(messages));
  std::set<std::string> bodies;
  for (auto& one : waiting) bodies.insert(one.get());
  EXPECT_THAT(bodies, SizeIs(kThreads));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
}

TEST_F(RedisQueue, WhoeverIsKilledWhileWaitingHoldsUpNobody) {
  const auto queue = open_queue();
  redis_.ask({"ZADD", key("waiting"), "1", "killed", "2", "killed-too"});
  auto received =
      std::async(std::launch::async, [&] { return queue->receive(60s).value().body(); });
  EXPECT_TRUE(test::eventually(
      [&] {
        return redis_.ask_number({"ZCARD", key("waiting")}) == 3;
      },
      60));
  queue->send({.body = "x"});
  EXPECT_EQ(received.get(), "x");
}

TEST_F(RedisQueue, GivesAThousandAtATime) {
  const auto queue = open_queue();
  queue->send(std::vector<Message>(2500, Message{.body = "x", .priority = Priority::kLow}));
  queue->send(std::vector<Message>(2500, Message{.body = "x"}));
  std::size_t acked = 0;
  for (;;) {
    std::vector<Delivery> deliveries = queue->receive(static_cast<std::size_t>(-1), 0ms);
    if (deliveries.empty()) break;
    EXPECT_LE(deliveries.size(), 1000U);
    acked += queue->ack(deliveries);
  }
  EXPECT_EQ(acked, 5000U);
  expect_nothing_left();
}

TEST_F(RedisQueue, AThousandThatComeBackAtOnceAllDo) {
  const auto queue = open_queue({.visibility_timeout = 50ms});
  queue->send(std::vector<Message>(1000, Message{.body = "x"}));
  std::vector<Delivery> first = queue->receive(1000, 0ms);
  EXPECT_THAT(first, SizeIs(1000));
  const auto are_late = [&] { return queue->counts().ready == 1000; };
  EXPECT_TRUE(test::eventually(are_late, 60));
  const auto patient = open_queue();
  std::size_t acked = 0;
  while (acked < 1000) {
    std::vector<Delivery> again = patient->receive(1000, 60s);
    ASSERT_FALSE(again.empty());
    acked += patient->ack(again);
  }
  EXPECT_EQ(queue->ack(first), 0U);
  expect_nothing_left();
}

// Waits in a child process for what it then has in hand, and is killed with it.
class RedisConsumer : public ::testing::Test {
 protected:
  void SetUp() override { enable_redis(); }

  // No thread of ours runs at this time.
  static pid_t start(const std::function<void()>& role) {
    const pid_t child = fork();
    if (child != 0) return child;
    try {
      role();
      _exit(0);
    } catch (...) {
      _exit(1);
    }
  }

  TestRedis redis_;
};

TEST_F(RedisConsumer, KilledWithMessagesInHandLosesNone) {
  const std::string url = redis_.url("q");
  std::vector<pid_t> children;
  children.reserve(2);
  for (int i = 0; i < 2; ++i) {
    children.push_back(start([&] {
      const auto queue = open(url, {.visibility_timeout = 2s});
      std::vector<Delivery> in_hand;
      for (;;) {
        for (Delivery& delivery : queue->receive(3, 60s)) in_hand.push_back(std::move(delivery));
      }
    }));
  }
  const auto queue = open(url);
  std::set<std::string> sent;
  for (int i = 0; i < 20; ++i) {
    queue->send({.body = std::to_string(i)});
    sent.insert(std::to_string(i));
  }
  EXPECT_TRUE(test::eventually([&] { return queue->counts().in_flight == 20; }, 60));
  for (const pid_t child : children) {
    EXPECT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));
  }
  std::set<std::string> received;
  while (received.size() < sent.size()) {
    std::vector<Delivery> deliveries = queue->receive(10, 60s);
    ASSERT_FALSE(deliveries.empty());
    for (const Delivery& delivery : deliveries) {
      EXPECT_GT(delivery.attempt(), 1U);
      EXPECT_TRUE(received.insert(delivery.body()).second) << delivery.body();
    }
    EXPECT_EQ(queue->ack(deliveries), deliveries.size());
  }
  EXPECT_EQ(received, sent);
  EXPECT_EQ(queue->counts().ready + queue->counts().in_flight, 0U);
}

TEST(RedisReplicas, SendWaitsForThem) {
  enable_redis();
  TestRedis redis({"--repl-diskless-sync-delay", "0"});
  const auto queue = open(redis.url("q", "&replicas=1&timeout=500"));
  EXPECT_THROW(queue->send({.body = "a"}), Error);
  EXPECT_THROW(queue->send({.body = "b", .delay = 1ms}), Error);
  EXPECT_EQ(queue->counts().ready + queue->counts().delayed, 2U);
  const TestRedis replica({"--replicaof", "127.0.0.1 " + std::to_string(redis.port())});
  const auto patient = open(redis.url("q", "&replicas=1"));
  const auto has_sent = [&] {
    try {
      return patient->send({.body = "c"}) == 1;
    } catch (const Error&) {
      return false;
    }
  };
  EXPECT_TRUE(test::eventually(has_sent, 60));
  EXPECT_GT(replica.ask_number({"XLEN", "waybill:{q}:normal"}), 0);
}

TEST(RedisCluster, TheNodeThatHasTheQueueIsFound) {
  enable_redis();
  const std::vector<std::string> options{"--cluster-enabled", "yes"};
  const TestRedis first(options);
  const TestRedis second(options);
  const auto cover = [](const TestRedis& node, const std::string& from, const std::string& to) {
    EXPECT_EQ(node.ask_text({"CLUSTER", "ADDSLOTSRANGE", from, to}), "OK");
  };
  cover(first, "0", "8191");
  cover(second, "8192", "16383");
  first.ask({"CLUSTER", "MEET", "127.0.0.1", std::to_string(second.port())});
  for (const TestRedis* node : {&first, &second}) {
    EXPECT_TRUE(test::eventually(
        [&] {
          return node->ask_text({"CLUSTER", "INFO"}).find("cluster_state:ok") != std::string::npos;
        },
        60));
  }
  // Of so many names, both nodes have some.
  for (int i = 0; i < 8; ++i) {
    const auto queue = open(first.url("queue-" + std::to_string(i)));
    const auto elsewhere = open(second.url("queue-" + std::to_string(i)));
    auto received =
        std::async(std::launch::async, [&] { return elsewhere->receive(60s).value().body(); });
    queue->send({{.body = "text", .deduplication_key = "k"}, {.body = "later", .delay = 1h}});
    EXPECT_EQ(received.get(), "text");
    EXPECT_THAT(queue->arrive("g", 0, 1, "x"), ElementsAre("x"));
    EXPECT_EQ(queue->counts().delayed, 1U);
  }
  EXPECT_GT(first.ask_number({"DBSIZE"}), 0);
  EXPECT_GT(second.ask_number({"DBSIZE"}), 0);
}

}  // namespace
}  // namespace waybill::queue
