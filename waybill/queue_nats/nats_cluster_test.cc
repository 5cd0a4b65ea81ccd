// Three servers, each of which has everything: whichever is killed, work goes on. Not under a
// sanitizer: these are minutes, and what is waited for in them is the servers.
#include <waybill/core/sanitizers.h>

#if !WAYBILL_ADDRESS_SANITIZER && !WAYBILL_THREAD_SANITIZER

#include <chrono>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_nats/internal/test_nats.h>
#include <waybill/queue_nats/queue_nats.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using internal::TestNats;
using internal::TestNatsCluster;
using ::testing::ElementsAre;

TEST(NatsCluster, WorkGoesOnWhicheverServerIsKilled) {
  enable_nats();
  TestNatsCluster cluster;
  const auto queue = open(cluster.url("q", "&timeout=60000"), {.visibility_timeout = 5s});
  std::map<std::string, int> acked;
  int sent = 0;
  const auto send = [&] {
    std::vector<Message> batch;
    for (int i = 0; i < 20; ++i) batch.push_back({.body = std::to_string(sent++)});
    queue->send(std::move(batch));
  };
  const auto receive = [&](std::chrono::milliseconds wait) {
    std::vector<Delivery> deliveries = queue->receive(100, wait);
    queue->ack(deliveries);
    for (const Delivery& delivery : deliveries) {
      if (delivery.settled()) ++acked[delivery.body()];
    }
    return !deliveries.empty();
  };
  auto slowest = std::chrono::steady_clock::duration::zero();
  for (std::size_t round = 0; round < 2 * TestNatsCluster::kServers; ++round) {
    TestNats& server = cluster.server(round % TestNatsCluster::kServers);
    for (int i = 0; i < 10; ++i) {
      send();
      receive(0ms);
    }
    server.kill();
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 10; ++i) {
      send();
      receive(0ms);
    }
    slowest = std::max(slowest, std::chrono::steady_clock::now() - start);
    server.restart();
    // Two that have everything are needed; the next may go when the third has caught up.
    EXPECT_TRUE(test::eventually([&] { return cluster.is_whole("q"); }, 120));
  }
  while (static_cast<int>(acked.size()) < sent && receive(20s)) {
  }
  EXPECT_EQ(static_cast<int>(acked.size()), sent);
  RecordProperty(
      "slowest_fail_over_ms",
      std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(slowest).count()));
  std::cout << "slowest: " << std::chrono::duration_cast<std::chrono::milliseconds>(slowest).count()
            << " ms\n";
}

TEST(NatsCluster, EverythingElseWorksThereToo) {
  enable_nats();
  TestNatsCluster cluster;
  const auto queue = open(cluster.url("q"));
  const auto other = open(cluster.url("q"), {.visibility_timeout = 50ms});
  EXPECT_EQ(queue->send({{.body = "a", .deduplication_key = "k"}, {.body = "b", .delay = 50ms}}),
            2U);
  EXPECT_EQ(other->send(Message{.body = "a", .deduplication_key = "k"}), 0U);
  { const auto dropped = other->receive(60s); }
  auto again = queue->receive(60s);
  ASSERT_TRUE(again);
  while (again->body() != "a") {
    EXPECT_TRUE(again->ack());
    again = queue->receive(60s);
    ASSERT_TRUE(again);
  }
  EXPECT_EQ(again->attempt(), 2U);
  EXPECT_TRUE(again->dead_letter("x"));
  EXPECT_EQ(queue->dead_letters(1).at(0).reason, "x");
  EXPECT_TRUE(queue->retry_dead_letter(queue->dead_letters(1).at(0).id));
  EXPECT_TRUE(queue->receive(60s)->retry());
  EXPECT_THAT(queue->arrive("g", 0, 2, "x"), ElementsAre());
  EXPECT_THAT(other->arrive("g", 1, 2, "y"), ElementsAre("x", "y"));
}

}  // namespace
}  // namespace waybill::queue

#endif  // sanitizers
