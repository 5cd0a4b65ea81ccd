// Sending and receiving, as every kind of queue does it.

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/scope.h>
#include <waybill/queue/conformance/conformance.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class SendingConformance : public QueueConformance {};
WAYBILL_CONFORMANCE(SendingConformance);

TEST_P(SendingConformance, DeliversInTheOrderSent) {
  send("first");
  queue_->send({{.body = "second"}, {.body = "third"}});
  send("fourth");
  EXPECT_THAT(receive_bodies(3), ElementsAre("first", "second", "third"));
  EXPECT_THAT(receive_bodies(3), ElementsAre("fourth"));
}

TEST_P(SendingConformance, DeliversWhatWasSentAndWhen) {
  const auto before =
      std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  queue_->send({.body = "payload", .headers = {{"kind", "a"}, {"kind", "b"}, {"", ""}}});
  const auto after = std::chrono::system_clock::now();

  const std::optional<Delivery> delivery = queue_->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->body(), "payload");
  EXPECT_THAT(delivery->headers(), ElementsAre(Pair("kind", "a"), Pair("kind", "b"), Pair("", "")));
  EXPECT_EQ(delivery->attempt(), 1u);
  EXPECT_FALSE(delivery->id().empty());
  EXPECT_GE(delivery->enqueued_at(), before);
  EXPECT_LE(delivery->enqueued_at(), after);
}

TEST_P(SendingConformance, KeepsAnyBytes) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte.push_back(static_cast<char>(byte));
  queue_->send({.body = every_byte, .headers = {{"bytes", every_byte}}});
  queue_->send({.body = std::string(3 << 20, '\xfe')});
  queue_->send({.body = ""});

  const std::vector<Delivery> deliveries = queue_->receive(3, 0ms);
  ASSERT_THAT(deliveries, SizeIs(3));
  EXPECT_EQ(deliveries[0].body(), every_byte);
  EXPECT_THAT(deliveries[0].headers(), ElementsAre(Pair("bytes", every_byte)));
  EXPECT_EQ(deliveries[1].body(), std::string(3 << 20, '\xfe'));
  EXPECT_EQ(deliveries[2].body(), "");
}

TEST_P(SendingConformance, AskedForNothingGivesNothing) {
  queue_->send(std::vector<Message>{});
  EXPECT_EQ(queue_->counts().ready, 0u);
  send("one");
  EXPECT_THAT(queue_->receive(0, kAMinute), IsEmpty());
  EXPECT_EQ(queue_->counts().ready, 1u);
}

TEST_P(SendingConformance, GivesUpWhenTheWaitIsOver) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(queue_->receive(1, 20ms), IsEmpty());
  EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
  EXPECT_FALSE(queue_->receive(-5s));
}

TEST_P(SendingConformance, SendWakesAWaitingReceiver) {
  const std::unique_ptr<Queue> back = open_named("answers", {});
  // A hundred times to and fro: each side waits for the other nearly all the time.
  constexpr int kRounds = 100;
  auto echo = std::async(std::launch::async, [&] {
    for (int round = 0; round < kRounds; ++round) {
      std::optional<Delivery> delivery = queue_->receive(std::chrono::milliseconds::max());
      back->send({.body = delivery.value().body()});
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    send(std::to_string(round));
    const std::optional<Delivery> delivery = back->receive(kAMinute);
    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery->body(), std::to_string(round));
  }
  echo.get();
}

TEST_P(SendingConformance, EveryWaitingReceiverGetsItsMessage) {
  std::vector<std::future<std::string>> receivers;
  receivers.reserve(3);
  for (int i = 0; i < 3; ++i) {
    receivers.push_back(
        std::async(std::launch::async, [&] { return queue_->receive(kAMinute).value().body(); }));
  }
  queue_->send({{.body = "a"}, {.body = "b"}, {.body = "c"}});
  std::set<std::string> bodies;
  for (auto& receiver : receivers) bodies.insert(receiver.get());
  EXPECT_THAT(bodies, UnorderedElementsAre("a", "b", "c"));
}

TEST_P(SendingConformance, DelayedMessagesStayAwayUntilTheyAreDue) {
  const auto start = std::chrono::steady_clock::now();
  queue_->send({{.body = "next year", .delay = 24h * 365},
                {.body = "soon", .delay = 50ms},
                {.body = "now"},
                {.body = "yesterday", .delay = -24h}});
  EXPECT_EQ(queue_->counts().delayed + queue_->counts().ready, 4u);
  EXPECT_THAT(receive_bodies(2), ElementsAre("now", "yesterday"));
  const std::optional<Delivery> soon = queue_->receive(kAMinute);
  ASSERT_TRUE(soon);
  EXPECT_EQ(soon->body(), "soon");
  EXPECT_GE(std::chrono::steady_clock::now() - start, 49ms);
  EXPECT_EQ(queue_->counts().delayed, 1u);
}

TEST_P(SendingConformance, AReceiverThatWaitsLearnsOfAnEarlierDelay) {
  auto receiver =
      std::async(std::launch::async, [&] { return queue_->receive(std::chrono::hours(1)); });
  queue_->send({.body = "soon", .delay = 20ms});
  EXPECT_EQ(receiver.wait_for(kAMinute), std::future_status::ready);
  if (receiver.wait_for(0s) != std::future_status::ready) send("end the test");
  EXPECT_EQ(receiver.get().value().body(), "soon");
}

TEST_P(SendingConformance, TheSendersContextTravels) {
  const Context sender = Context::new_trace({.name = "nightly-import", .tracestate = "vendor=1"})
                             .with({{"account_id", "acme"}, {"shard", 3}})
                             .with_baggage("tenant=acme");
  {
    const Scope scope{sender};
    send("job");
  }
  const std::optional<Delivery> delivery = queue_->receive(0ms);
  ASSERT_TRUE(delivery);
  const Context context = delivery->context();
  EXPECT_EQ(context.trace_id(), sender.trace_id());
  EXPECT_EQ(context.span_id(), sender.span_id());
  EXPECT_EQ(context.flags(), sender.flags());
  EXPECT_EQ(context.trace_name(), "nightly-import");
  EXPECT_EQ(context.tracestate(), "vendor=1");
  EXPECT_EQ(context.baggage(), "tenant=acme,account_id=acme");
  ASSERT_THAT(context.fields(), SizeIs(1));  // of the two, the one that travels
  EXPECT_EQ(context.fields()[0], (Field{"account_id", "acme"}));
}

TEST_P(SendingConformance, EachMessageOfABatchCarriesTheContext) {
  const Context sender = Context::new_trace();
  {
    const Scope scope{sender};
    queue_->send({{.body = "a"}, {.body = "b"}});
  }
  for (const Delivery& delivery : queue_->receive(2, 0ms)) {
    EXPECT_EQ(delivery.context().trace_id(), sender.trace_id());
  }
}

TEST_P(SendingConformance, ATraceparentThatIsThereIsLeftAlone) {
  const std::string traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  {
    const Scope scope{Context::new_trace({.name = "somebody-else"}).with_baggage("a=b")};
    queue_->send({.body = "passed on", .headers = {{"Traceparent", traceparent}}});
  }
  const std::optional<Delivery> delivery = queue_->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_THAT(delivery->headers(), ElementsAre(Pair("Traceparent", traceparent)));
  EXPECT_EQ(delivery->context().span_id().to_hex(), "00f067aa0ba902b7");
}

TEST_P(SendingConformance, WithoutAContextNothingIsAdded) {
  send("plain");
  const std::optional<Delivery> delivery = queue_->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_THAT(delivery->headers(), IsEmpty());
  EXPECT_TRUE(delivery->context().empty());
}

TEST_P(SendingConformance, CountsWhereMessagesStand) {
  queue_->send({{.body = "dead"}, {.body = "held"}, {.body = "acked"}});
  queue_->send({{.body = "ready"}, {.body = "ready"}, {.body = "delayed", .delay = 1h}});
  std::vector<Delivery> deliveries = queue_->receive(3, 0ms);
  ASSERT_THAT(deliveries, SizeIs(3));
  ASSERT_TRUE(deliveries[0].dead_letter("x") && deliveries[2].ack());

  const Counts counts = queue_->counts();
  EXPECT_EQ(counts.ready, 2u);
  EXPECT_EQ(counts.delayed, 1u);
  EXPECT_EQ(counts.in_flight, 1u);
  EXPECT_EQ(counts.dead, 1u);
  EXPECT_EQ(counts.failed_settlements, 0u);
}

TEST_P(SendingConformance, ManySendersAndReceiversLoseAndDoubleNothing) {
  constexpr int kThreads = 4;
  constexpr int kMessages = 60;
  std::mutex mutex;
  std::map<std::string, int> acked;
  std::atomic<int> left = kThreads * kMessages;
  const auto deadline = std::chrono::steady_clock::now() + kAMinute;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      const std::unique_ptr<Queue> mine = another();
      for (int i = 0; i < kMessages; i += 5) {
        std::vector<Message> batch;
        for (int j = i; j < i + 5; ++j) {
          batch.push_back({.body = std::to_string(thread * kMessages + j)});
        }
        mine->send(std::move(batch));
      }
    });
    threads.emplace_back([&] {
      while (left.load() > 0 && std::chrono::steady_clock::now() < deadline) {
        for (Delivery& delivery : queue_->receive(7, 10ms)) {
          if (!delivery.ack()) continue;
          left.fetch_sub(1);
          const std::lock_guard lock(mutex);
          ++acked[delivery.body()];
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(acked, SizeIs(kThreads * kMessages));
  EXPECT_TRUE(std::ranges::all_of(acked, [](const auto& entry) { return entry.second == 1; }));
  EXPECT_EQ(queue_->counts().ready + queue_->counts().in_flight, 0u);
}

}  // namespace
}  // namespace waybill::queue
