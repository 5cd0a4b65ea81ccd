// Servers and consumers that are killed, and what is still there.

#include <chrono>
#include <fstream>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <waybill/core/error.h>
#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_kafka/internal/kafka_limits.h>
#include <waybill/queue_kafka/queue_kafka.h>

#include "tests/interop/kafka/shared_server.h"

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using internal::TestDirectory;
using test::KafkaServer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Options kLong{.visibility_timeout = 1h};

// The lines of a file, as soon as there are so many.
std::vector<std::string> lines_of(const std::string& path, std::size_t count) {
  std::vector<std::string> lines;
  test::eventually(
      [&] {
        lines.clear();
        std::ifstream file(path);
        for (std::string line; std::getline(file, line);) lines.push_back(line);
        return lines.size() >= count;
      },
      120);
  return lines;
}

std::vector<Delivery> receive_all(Queue& queue, std::size_t count) {
  std::vector<Delivery> all;
  test::eventually(
      [&] {
        for (Delivery& delivery : queue.receive(100, 100ms)) all.push_back(std::move(delivery));
        return all.size() >= count;
      },
      120);
  return all;
}

TEST(KafkaRestart, WhatWasSentAndSettledSurvivesAKilledServer) {
  enable_kafka();
  KafkaServer server;
  const auto queue = open(server.url("kept", "&timeout=2000"), kLong);
  queue->send({{.body = "acked"}, {.body = "held"}, {.body = "dead"}, {.body = "ready"}});
  queue->send({.body = "delayed", .delay = 1h});
  auto taken = queue->receive(3, 1s);
  ASSERT_THAT(taken, SizeIs(3));
  ASSERT_TRUE(taken[0].ack() && taken[2].dead_letter("no use"));
  server.kill();
  EXPECT_THROW(queue->send({.body = "into the void"}), Error);
  EXPECT_FALSE(taken[1].ack());
  EXPECT_FALSE(taken[1].settled());
  server.restart();

  // The same queue and its deliveries go on.
  EXPECT_TRUE(test::eventually([&] { return taken[1].ack(); }, 60));
  Counts counts;
  EXPECT_TRUE(test::eventually(
      [&] {
        try {
          counts = queue->counts();
          return counts.ready >= 1;
        } catch (const Error&) {
          return false;
        }
      },
      60));
  EXPECT_EQ(counts.delayed, 1U);
  EXPECT_EQ(counts.in_flight, 0U);
  EXPECT_EQ(counts.dead, 1U);
  EXPECT_GE(counts.failed_settlements, 1U);
  const auto rest = receive_all(*queue, 1);
  ASSERT_FALSE(rest.empty());
  EXPECT_EQ(rest[0].body(), "ready");
  EXPECT_EQ(rest[0].attempt(), 1U);
}

TEST(KafkaRestart, AWaitingReceiverGoesOnWhenTheServerIsBack) {
  enable_kafka();
  KafkaServer server;
  const auto queue = open(server.url("waiting"), kLong);
  queue->send({.body = "first"});
  ASSERT_TRUE(queue->receive(1s)->ack());
  auto received = std::async(std::launch::async, [&] { return queue->receive(120s); });
  server.kill();
  server.restart();
  EXPECT_TRUE(test::eventually(
      [&] {
        try {
          return queue->send({.body = "second"}) == 1;
        } catch (const Error&) {
          return false;
        }
      },
      60));
  const auto delivery = received.get();
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->body(), "second");
}

TEST(KafkaRestart, ReadingGoesOnAfterAnOutageThatOutlastsTheSession) {
  enable_kafka();
  KafkaServer server;
  const auto queue = open(server.url("outage"), kLong);
  // More than is read ahead.
  constexpr std::size_t kBatches = 12;
  for (std::size_t i = 0; i < kBatches; ++i) {
    queue->send(std::vector<Message>(1000, Message{.body = "job"}));
  }
  ASSERT_TRUE(queue->receive(10s)->ack());
  EXPECT_TRUE(test::eventually([&] { return queue->receive(1000, 0ms).size() == 1000; }, 60));
  server.kill();
  std::this_thread::sleep_for(internal::kKafkaSessionTimeout + 5s);
  server.restart();
  std::size_t received = 1001;
  EXPECT_TRUE(test::eventually(
      [&] {
        try {
          std::vector<Delivery> some = queue->receive(1000, 100ms);
          received += queue->ack(some);
        } catch (const Error&) {
        }
        return received == kBatches * 1000;
      },
      120))
      << received;
}

TEST(KafkaRestart, WhatAKilledConsumerHadComesBackWithAHigherAttempt) {
  enable_kafka();
  const TestDirectory directory;
  const std::string url = test::shared_kafka().url("killed-consumer");
  const auto queue = open(url, kLong);
  queue->send({{.body = "a"}, {.body = "b"}, {.body = "c"}});
  for (int attempt = 1; attempt <= 2; ++attempt) {
    const std::string file = directory.file(std::to_string(attempt));
    test::Process taker({KAFKA_TAKER, url, file, "0", "1000"}, directory.file("output"));
    const std::string number = ' ' + std::to_string(attempt);
    EXPECT_THAT(lines_of(file, 3), ::testing::IsSupersetOf({"a" + number, "b" + number}));
    taker.send_signal(SIGKILL);
    taker.wait();
  }
  // The taker may have been given some of them again and again until it was killed.
  const auto back = receive_all(*queue, 3);
  ASSERT_THAT(back, SizeIs(3));
  for (const Delivery& delivery : back) EXPECT_GE(delivery.attempt(), 3U);
}

TEST(KafkaRestart, WhatAKilledConsumerHadAckedStaysSettled) {
  enable_kafka();
  const TestDirectory directory;
  const std::string url = test::shared_kafka().url("killed-after-acks");
  const auto queue = open(url, kLong);
  // The first is kept, and holds the group's offset back.
  queue->send({{.body = "1"}, {.body = "2"}, {.body = "3"}, {.body = "4"}, {.body = "5"}});
  {
    const std::string file = directory.file("lines");
    test::Process taker({KAFKA_TAKER, url, file, "2", "1000"}, directory.file("output"));
    EXPECT_THAT(lines_of(file, 5), SizeIs(::testing::Ge(5U)));
    taker.send_signal(SIGKILL);
    taker.wait();
  }
  std::set<std::string> bodies;
  for (const Delivery& delivery : receive_all(*queue, 3)) bodies.insert(delivery.body());
  EXPECT_THAT(bodies, ElementsAre("3", "4", "5"));
  EXPECT_THAT(queue->receive(10, 0ms), IsEmpty());
}

TEST(KafkaRestart, TwoProcessesShareThePartitions) {
  enable_kafka();
  const TestDirectory directory;
  const std::string url = test::shared_kafka().url("shared", "&partitions=4");
  const auto queue = open(url, kLong);
  const std::string file = directory.file("lines");
  test::Process taker({KAFKA_TAKER, url, file, "1000000", "60000"}, directory.file("output"));
  std::size_t here = 0;
  int sent = 0;
  // Until both have been given something.
  EXPECT_TRUE(test::eventually(
      [&] {
        for (int i = 0; i < 8; ++i) queue->send({.body = std::to_string(sent++)});
        for (Delivery& delivery : queue->receive(100, 50ms)) {
          EXPECT_TRUE(delivery.ack());
          ++here;
        }
        std::ifstream lines(file);
        return here > 0 && lines.peek() != std::ifstream::traits_type::eof();
      },
      120));
}

}  // namespace
}  // namespace waybill::queue
