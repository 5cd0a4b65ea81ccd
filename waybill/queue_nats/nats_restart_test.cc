// Servers that are killed, stopped and started anew, and answers that are lost on the way.

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/error.h>
#include <waybill/queue/internal/test_proxy.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_nats/internal/test_nats.h>
#include <waybill/queue_nats/queue_nats.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using internal::TestNats;
using internal::TestProxy;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class NatsRestart : public ::testing::Test {
 protected:
  void SetUp() override { enable_nats(); }
  std::unique_ptr<Queue> open_queue(const Options& options = {}) {
    return open(nats_.url("q", "&timeout=20000"), options);
  }

  TestNats nats_;
};

TEST_F(NatsRestart, TheSameObjectsGoOn) {
  const auto queue = open_queue();
  queue->send({{.body = "acked"}, {.body = "retried"}, {.body = "dead"}, {.body = "ready"}});
  queue->send({.body = "delayed", .delay = 1h});
  std::vector<Delivery> deliveries = queue->receive(3, 0ms);
  ASSERT_THAT(deliveries, SizeIs(3));
  EXPECT_TRUE(deliveries[2].extend(1h));
  nats_.stop();
  nats_.restart();
  EXPECT_TRUE(deliveries[0].ack());
  EXPECT_TRUE(deliveries[1].retry());
  EXPECT_TRUE(deliveries[2].dead_letter("x"));
  EXPECT_EQ(queue->receive(0ms)->body(), "ready");
  const auto again = queue->receive(0ms);
  EXPECT_EQ(again->body(), "retried");
  EXPECT_EQ(again->attempt(), 2U);
  const Counts counts = queue->counts();
  EXPECT_EQ(counts.ready, 0U);
  EXPECT_EQ(counts.delayed, 1U);
  EXPECT_EQ(counts.in_flight, 2U);
  EXPECT_EQ(counts.dead, 1U);
}

TEST_F(NatsRestart, WhatWasSentSurvivesAKill) {
  const auto queue = open_queue();
  std::set<std::string> sent;
  for (int i = 0; i < 200; ++i) {
    queue->send({.body = std::to_string(i)});
    sent.insert(std::to_string(i));
  }
  nats_.kill();
  nats_.restart();
  std::set<std::string> received;
  for (const Delivery& delivery : queue->receive(1'000, 0ms)) received.insert(delivery.body());
  EXPECT_EQ(received, sent);
}

TEST_F(NatsRestart, WhoWaitsGoesOnWaiting) {
  const auto queue = open_queue();
  std::thread waiting([&] {
    const auto delivery = queue->receive(60s);
    EXPECT_EQ(delivery ? delivery->body() : "nothing", "after");
  });
  const auto waits = [&] {
    const std::string info = nats_.ask("$JS.API.CONSUMER.INFO.waybill_q.later");
    return info.find("\"num_waiting\":1") != std::string::npos;
  };
  EXPECT_TRUE(test::eventually(waits, 60));
  nats_.kill();
  nats_.restart();
  open_queue()->send({.body = "after"});
  waiting.join();
}

TEST_F(NatsRestart, WithoutAServerCallsFailInTime) {
  const auto queue = open(nats_.url("q", "&timeout=500"));
  queue->send({.body = "a"});
  auto delivery = queue->receive(0ms);
  nats_.stop();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(queue->send({.body = "b"}), Error);
  EXPECT_FALSE(delivery->ack());
  EXPECT_FALSE(delivery->settled());
  EXPECT_THROW(queue->receive(1s), Error);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
  nats_.restart();
  EXPECT_TRUE(test::eventually([&] { return delivery->settled() || delivery->ack(); }, 60));
  EXPECT_GE(queue->counts().failed_settlements, 1U);
}

TEST_F(NatsRestart, AServerThatDoesNotAnswerIsGivenUpInTime) {
  auto queue = open(nats_.url("q", "&timeout=200"));
  queue->send({.body = "a"});
  auto delivery = queue->receive(0ms);
  nats_.freeze();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(queue->send({.body = "b"}), Error);
  EXPECT_THROW(queue->send({.body = std::string(7 << 20, 'x')}), Error);
  EXPECT_FALSE(delivery->ack());
  EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
  nats_.thaw();
  EXPECT_TRUE(test::eventually([&] { return delivery->settled() || delivery->ack(); }, 60));
}

TEST_F(NatsRestart, AServerThatDoesNotAnswerHoldsUpNoFarewell) {
  auto queue = open(nats_.url("q", "&timeout=200"));
  queue->send({.body = "a"});
  auto delivery = queue->receive(0ms);
  nats_.freeze();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(queue->send({.body = std::string(7 << 20, 'x')}), Error);
  queue.reset();
  delivery.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
  nats_.thaw();
}

TEST_F(NatsRestart, WhatIsDoneOnceIsNotDoneAgainWhenItsAnswerIsLost) {
  TestProxy proxy(nats_.port());
  const auto queue =
      open("nats://127.0.0.1:" + std::to_string(proxy.port()) + "?queue=q&timeout=20000");
  const auto losing = [&](auto&& function) {
    proxy.lose_an_answer();
    auto result = function();
    EXPECT_TRUE(proxy.has_lost_it());
    return result;
  };
  EXPECT_EQ(losing([&] { return queue->send({{.body = "a"}, {.body = "b"}, {.body = "c"}}); }), 3U);
  EXPECT_EQ(losing([&] { return queue->send(Message{.body = "d", .deduplication_key = "k"}); }),
            1U);
  EXPECT_EQ(losing([&] { return queue->send(Message{.body = "d", .deduplication_key = "k"}); }),
            0U);
  EXPECT_EQ(losing([&] { return queue->send({.body = "e", .delay = 1h}); }), 1U);
  EXPECT_EQ(queue->counts().ready, 4U);
  EXPECT_EQ(queue->counts().delayed, 1U);

  std::vector<Delivery> deliveries = queue->receive(4, 0ms);
  ASSERT_THAT(deliveries, SizeIs(4));
  EXPECT_TRUE(losing([&] { return deliveries[0].ack(); }));
  EXPECT_TRUE(losing([&] { return deliveries[1].retry(); }));
  EXPECT_TRUE(losing([&] { return deliveries[2].dead_letter("x"); }));
  EXPECT_TRUE(losing([&] { return deliveries[3].extend(1h); }));
  EXPECT_EQ(losing([&] { return queue->ack(deliveries); }), 1U);
  const std::string id = queue->dead_letters(1).at(0).id;
  EXPECT_TRUE(losing([&] { return queue->retry_dead_letter(id); }));
  EXPECT_EQ(queue->counts().ready, 2U);
  EXPECT_EQ(queue->counts().in_flight, 0U);
  EXPECT_EQ(queue->counts().dead, 0U);
  losing([&] { return queue->arrive("g", 0, 2, "x"); });
  EXPECT_THAT(losing([&] { return queue->arrive("g", 1, 2, "y"); }), ElementsAre("x", "y"));
}

TEST_F(NatsRestart, WhatWasBeingHandedOverComesBack) {
  TestProxy proxy(nats_.port());
  const auto queue = open("nats://127.0.0.1:" + std::to_string(proxy.port()) + "?queue=q",
                          {.visibility_timeout = 1s});
  queue->send({.body = "a"});
  proxy.lose_an_answer();
  const auto delivery = queue->receive(60s);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->body(), "a");
}

// Producers and consumers at work while the server is killed again and again. What was sent is
// acked; what failed to be sent may be there or not.
TEST_F(NatsRestart, InTheMidstOfWorkNothingIsLost) {
  constexpr int kRestarts = 5;
  constexpr int kProducers = 2;
  constexpr int kConsumers = 3;
  const auto queue = open_queue({.visibility_timeout = 2s});
  std::atomic<bool> producing = true;
  std::atomic<bool> consuming = true;
  std::mutex mutex;
  std::set<std::string> sent;
  std::set<std::string> maybe_sent;
  std::map<std::string, int> acked;
  std::vector<std::thread> producers;
  std::vector<std::thread> consumers;
  for (int producer = 0; producer < kProducers; ++producer) {
    producers.emplace_back([&, producer] {
      for (int batch = 0; producing; ++batch) {
        std::vector<Message> messages;
        std::vector<std::string> bodies;
        for (int i = 0; i < 5; ++i) {
          bodies.push_back(std::to_string(producer) + "/" + std::to_string(batch) + "/" +
                           std::to_string(i));
          messages.push_back({.body = bodies.back()});
        }
        bool failed = false;
        try {
          queue->send(std::move(messages));
        } catch (const Error&) {
          failed = true;
        }
        const std::lock_guard lock(mutex);
        (failed ? maybe_sent : sent).insert(bodies.begin(), bodies.end());
      }
    });
  }
  for (int consumer = 0; consumer < kConsumers; ++consumer) {
    consumers.emplace_back([&, consumer] {
      int turn = consumer;
      while (consuming) {
        std::vector<Delivery> deliveries;
        try {
          deliveries = queue->receive(7, 20ms);
        } catch (const Error&) {
          continue;
        }
        for (Delivery& delivery : deliveries) {
          const bool retries = ++turn % 7 == 0;
          if (!(retries ? delivery.retry() : delivery.ack()) || retries) continue;
          const std::lock_guard lock(mutex);
          ++acked[delivery.body()];
        }
      }
    });
  }
  for (int i = 0; i < kRestarts; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200 + 50 * (i % 3)));
    nats_.kill();
    nats_.restart();
  }
  std::this_thread::sleep_for(100ms);
  producing = false;
  for (std::thread& thread : producers) thread.join();
  const auto is_empty = [&] {
    const Counts counts = queue->counts();
    return counts.ready + counts.in_flight == 0;
  };
  EXPECT_TRUE(test::eventually(is_empty, 60));
  consuming = false;
  for (std::thread& thread : consumers) thread.join();

  EXPECT_GT(sent.size(), 100U);
  for (const std::string& body : sent) EXPECT_GE(acked[body], 1) << body;
  for (const auto& [body, times] : acked) {
    EXPECT_TRUE(sent.contains(body) || maybe_sent.contains(body)) << body;
  }
}

}  // namespace
}  // namespace waybill::queue
