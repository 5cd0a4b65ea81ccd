// What other programs see of a queue in Redis, and what they may put there, in good faith or not.

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/core/scope.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_redis/internal/test_redis.h>
#include <waybill/queue_redis/queue_redis.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using internal::TestRedis;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

class RedisForeign : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    enable_redis();
    redis_ = std::make_unique<TestRedis>();
  }
  static void TearDownTestSuite() { redis_.reset(); }
  void SetUp() override { redis_->ask({"FLUSHALL"}); }

  static std::unique_ptr<Queue> open_queue(const Options& options = {}) {
    return open(redis_->url("q"), options);
  }
  static std::string key(const std::string& name) { return "waybill:{q}:" + name; }
  // As another program does.
  static std::string add(const std::vector<std::string>& fields, const std::string& id = "*",
                         const std::string& stream = "normal") {
    std::vector<std::string> command{"XADD", key(stream), id};
    command.insert(command.end(), fields.begin(), fields.end());
    return redis_->ask_text(command);
  }

  static std::unique_ptr<TestRedis> redis_;
};
std::unique_ptr<TestRedis> RedisForeign::redis_;

TEST_F(RedisForeign, HeadersAreFieldsForOthersToSee) {
  const Context sender = Context::new_trace();
  {
    const Scope scope{sender};
    open_queue()->send({.body = "text", .headers = {{"kind", "invoice"}}});
  }
  const auto reply = redis_->ask({"XRANGE", key("normal"), "-", "+"});
  ASSERT_EQ(reply->elements, 1U);
  const redisReply& fields = *reply->element[0]->element[1];
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < fields.elements; ++i) texts.emplace_back(fields.element[i]->str);
  ASSERT_GE(texts.size(), 8U);
  EXPECT_EQ(texts[0], "waybill");
  EXPECT_EQ(texts[2], "body");
  EXPECT_EQ(texts[3], "text");
  EXPECT_EQ(texts[4], "kind");
  EXPECT_EQ(texts[6], "traceparent");
  EXPECT_THAT(texts[7], HasSubstr(sender.trace_id().to_hex()));
}

TEST_F(RedisForeign, WhatOthersAddIsDelivered) {
  const auto queue = open_queue();
  const std::string id =
      add({"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "body", "text",
           "kind", "invoice", "body", "another"});
  auto delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->body(), "text");
  EXPECT_EQ(delivery->id(), "n" + id);
  EXPECT_EQ(delivery->attempt(), 1U);
  EXPECT_EQ(delivery->context().trace_id().to_hex(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_THAT(delivery->headers(), ElementsAre(Pair("traceparent", ::testing::_),
                                               Pair("kind", "invoice"), Pair("body", "another")));
  EXPECT_EQ(std::to_string(delivery->enqueued_at().time_since_epoch().count()),
            id.substr(0, id.find('-')));

  // It stays what it is, wherever it goes.
  const Headers headers = delivery->headers();
  ASSERT_TRUE(delivery->retry());
  delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->body(), "text");
  EXPECT_EQ(delivery->id(), "n" + id);
  EXPECT_EQ(delivery->attempt(), 2U);
  EXPECT_EQ(delivery->headers(), headers);
  ASSERT_TRUE(delivery->dead_letter("no use"));
  ASSERT_THAT(queue->dead_letters(10), SizeIs(1));
  EXPECT_EQ(queue->dead_letters(1)[0].headers, headers);
  EXPECT_EQ(queue->dead_letters(1)[0].reason, "no use");
  ASSERT_TRUE(queue->retry_dead_letter("n" + id));
  delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->headers(), headers);
  EXPECT_EQ(delivery->attempt(), 1U);
  EXPECT_TRUE(delivery->ack());
}

TEST_F(RedisForeign, WithoutABodyTheFieldsAreIt) {
  const auto queue = open_queue();
  add({"sensor", "7", "value", "20.5"});
  const auto delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->body(), "sensor: 7\nvalue: 20.5\n");
  EXPECT_THAT(delivery->headers(), ElementsAre(Pair("sensor", "7"), Pair("value", "20.5")));
}

TEST_F(RedisForeign, WhatWasThereBeforeTheQueueIsDelivered) {
  add({"body", "early"});
  EXPECT_EQ(open_queue()->receive(0ms)->body(), "early");
}

TEST_F(RedisForeign, WhoWaitsFindsWhatOthersAdd) {
  const auto queue = open_queue();
  std::thread other([] {
    std::this_thread::sleep_for(20ms);
    add({"body", "text"});
  });
  EXPECT_EQ(queue->receive(60s)->body(), "text");
  other.join();
}

TEST_F(RedisForeign, OtherStreamsOfTheQueueAreWatchedToo) {
  const auto queue = open_queue();
  add({"body", "normal"});
  add({"body", "low"}, "*", "low");
  add({"body", "high"}, "*", "high");
  std::vector<std::string> bodies;
  for (const auto& delivery : queue->receive(10, 0ms)) bodies.push_back(delivery.body());
  EXPECT_THAT(bodies, ElementsAre("high", "normal", "low"));
}

TEST_F(RedisForeign, LabelsThatAreNotOursAreAnyField) {
  const auto queue = open_queue();
  const std::vector<std::vector<std::string>> entries{
      {"waybill", ""},
      {"waybill", "17", "text", "x"},
      {"waybill", "-17", "body", "x"},
      {"waybill", "99999999999999999999999", "body", "x"},
      {"waybill", "17 id 1 n - w", "text", "x"},
      {"waybill", "17 id 1 n - F", "packed", "no", "more", "fields"},
      {"waybill", "17 id 4294967296 n - f", "body", "x"},
      {"waybill", "17 id 1 x - f", "body", "x"},
      {"waybill", "17 id 1 n - w more", "body", "x"},
      {"waybill", "17  1 n - f", "body", "x"},
      {"waybill", "17 " + std::string(65, 'i') + " 1 n - f", "body", "x"},
      {"waybill", std::string(1 << 20, '9')},
      {"", ""},
      {std::string("\0\xff\n", 3), std::string("\0\xff\n", 3)}};
  for (const auto& entry : entries) add(entry);
  for (int round = 1; round <= 2; ++round) {
    std::vector<Delivery> deliveries = queue->receive(100, 0ms);
    ASSERT_THAT(deliveries, SizeIs(entries.size()));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      EXPECT_EQ(deliveries[i].attempt(), static_cast<unsigned>(round)) << i;
      EXPECT_EQ(deliveries[i].id().front(), 'n') << i;
      EXPECT_TRUE(round == 1 ? deliveries[i].retry() : deliveries[i].dead_letter("x")) << i;
    }
  }
  const auto letters = queue->dead_letters(100);
  ASSERT_THAT(letters, SizeIs(entries.size()));
  for (const DeadLetter& letter : letters) EXPECT_TRUE(queue->retry_dead_letter(letter.id));
  auto deliveries = queue->receive(100, 0ms);
  EXPECT_EQ(queue->ack(deliveries), entries.size());
}

TEST_F(RedisForeign, WhatCannotBeUnpackedIsDeliveredAsItIs) {
  const auto queue = open_queue();
  add({"waybill", "17 id 1 n - W", "packed", "\xff\xff\xff\xff"});
  for (unsigned attempt = 2; attempt < 5; ++attempt) {
    auto delivery = queue->receive(0ms);
    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery->id(), "id");
    EXPECT_EQ(delivery->attempt(), attempt);
    EXPECT_THAT(delivery->headers(), ElementsAre(Pair("packed", "\xff\xff\xff\xff")));
    EXPECT_TRUE(delivery->retry());
  }
}

TEST_F(RedisForeign, LabelsThatImitateOursDoNoHarmToOthers) {
  const auto queue = open_queue();
  queue->send({.body = "ours"});
  const std::string id = queue->peek(1).at(0).id;
  add({"waybill", "17 " + id + " 3 h " + id + " w", "body", "imitation"});
  std::vector<Delivery> both = queue->receive(2, 0ms);
  ASSERT_THAT(both, SizeIs(2));
  EXPECT_EQ(both[1].attempt(), 4U);
  ASSERT_TRUE(both[1].dead_letter("imitation"));
  ASSERT_TRUE(both[0].dead_letter("ours"));
  EXPECT_THAT(queue->dead_letters(10), SizeIs(2));
  for (const DeadLetter& letter : queue->dead_letters(10)) {
    EXPECT_TRUE(queue->remove_dead_letter(letter.id));
  }
  EXPECT_THAT(queue->dead_letters(10), IsEmpty());
}

TEST_F(RedisForeign, EntriesWithMoreFieldsThanAScriptCanWriteAreMovedAllTheSame) {
  const auto queue = open_queue();
  std::vector<std::string> fields{"body", "text"};
  Headers headers;
  for (int i = 0; i < 10'000; ++i) {
    const std::string number = std::to_string(i);
    fields.insert(fields.end(), {number, number});
    headers.emplace_back(number, number);
  }
  add(fields);
  queue->send({.body = "text", .headers = headers});
  queue->send({.body = "text", .headers = headers, .delay = 1ms});
  for (unsigned attempt = 1; attempt <= 3; ++attempt) {
    for (int i = 0; i < 3; ++i) {
      auto delivery = queue->receive(60s);
      ASSERT_TRUE(delivery);
      EXPECT_EQ(delivery->body(), "text");
      EXPECT_EQ(delivery->headers(), headers);
      EXPECT_EQ(delivery->attempt(), attempt);
      EXPECT_TRUE(attempt < 3 ? delivery->retry() : delivery->dead_letter("x"));
    }
  }
  for (const DeadLetter& letter : queue->dead_letters(3)) EXPECT_EQ(letter.headers, headers);
}

TEST_F(RedisForeign, AStreamWhoseIdsAreExhaustedStillDelivers) {
  const auto queue = open_queue({.visibility_timeout = 1500ms});
  queue->send({.body = "ours"});
  add({"body", "last"}, "18446744073709551615-18446744073709551615");
  EXPECT_THROW(queue->send({.body = "more"}), Error);
  std::vector<Delivery> both = queue->receive(2, 0ms);
  ASSERT_THAT(both, SizeIs(2));
  EXPECT_FALSE(both[1].retry()) << "there is no place for it";
  EXPECT_EQ(queue->counts().failed_settlements, 1U);
  EXPECT_TRUE(both[1].ack());
  // What cannot be put back in line stays out of it, and hurts nobody.
  std::this_thread::sleep_for(1600ms);
  EXPECT_FALSE(queue->receive(0ms));
  EXPECT_TRUE(both[0].ack());
}

TEST_F(RedisForeign, DeadLettersOfOthersAreShownAndForgotten) {
  const auto queue = open_queue();
  const std::string id = add({"body", "text"}, "*", "dead");
  const std::string other = add({"waybill", "17 name 2 h - w", "body", "x"}, "*", "dead");
  const auto letters = queue->dead_letters(10);
  ASSERT_THAT(letters, SizeIs(2));
  EXPECT_EQ(letters[0].body, "text");
  EXPECT_EQ(letters[0].id, "x" + id);
  EXPECT_EQ(letters[1].id, "x" + other);
  EXPECT_TRUE(queue->remove_dead_letter("x" + id));
  EXPECT_TRUE(queue->retry_dead_letter("x" + other));
  EXPECT_FALSE(queue->retry_dead_letter("x" + other));
  EXPECT_TRUE(queue->receive(0ms)->ack());
  for (const std::string no_id : {"", "x", "x1", "x1-1", "n1-1", "x18446744073709551616-0"}) {
    EXPECT_FALSE(queue->remove_dead_letter(no_id)) << no_id;
    EXPECT_FALSE(queue->retry_dead_letter(no_id)) << no_id;
  }
}

TEST_F(RedisForeign, RubbishInItsSetsIsDropped) {
  const auto queue = open_queue();
  for (const std::string set : {"leases", "delayed"}) {
    for (const std::string member :
         {"", "x", "n", "n1", "n1-1", "n99999999999999999999999-1", "zz", "d1-1", "l-"}) {
      redis_->ask({"ZADD", key(set), "1", member});
    }
  }
  redis_->ask({"ZADD", key("waiting"), "1", "nobody"});
  redis_->ask({"SADD", key("timeouts"), "", "x", "-1", "1e400", "30000 "});
  redis_->ask({"HSET", key("moved"), "n1-1", "rubbish", "n2-2", ""});
  queue->send({.body = "text"});
  EXPECT_EQ(queue->peek(10).at(0).body, "text");
  auto delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_THAT(queue->peek(10), SizeIs(1));
  EXPECT_TRUE(delivery->extend(1h));
  EXPECT_TRUE(delivery->ack());
}

TEST_F(RedisForeign, KeysOfAnotherTypeAreErrorsAndNoMore) {
  const auto queue = open_queue();
  queue->send({.body = "text"});
  auto delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  redis_->ask({"SET", key("normal"), "text"});
  EXPECT_THROW(queue->send({.body = "text"}), Error);
  EXPECT_THROW(queue->receive(0ms), Error);
  EXPECT_THROW(queue->receive(1s), Error);
  EXPECT_THROW(queue->counts(), Error);
  EXPECT_FALSE(delivery->ack());
  EXPECT_FALSE(delivery->settled());
  EXPECT_FALSE(delivery->retry());
  redis_->ask({"DEL", key("normal")});
  queue->send({.body = "again"});
  EXPECT_EQ(queue->receive(0ms)->body(), "again");
  EXPECT_EQ(queue->counts().failed_settlements, 2U);
}

TEST_F(RedisForeign, AQueueThatIsDeletedBeginsAnew) {
  const auto queue = open_queue();
  queue->send({{.body = "a"}, {.body = "b"}});
  auto delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  redis_->ask({"FLUSHALL"});
  EXPECT_FALSE(delivery->ack());
  EXPECT_FALSE(queue->receive(0ms));
  EXPECT_EQ(queue->counts().ready, 0U);
  queue->send({.body = "c"});
  EXPECT_EQ(queue->receive(0ms)->body(), "c");
}

TEST_F(RedisForeign, WhatIsDeletedInFlightIsGone) {
  const auto queue = open_queue({.visibility_timeout = 1ms});
  queue->send({{.body = "a"}, {.body = "b"}});
  const auto deliveries = queue->receive(2, 0ms);
  redis_->ask({"XTRIM", key("normal"), "MAXLEN", "1"});
  auto delivery = queue->receive(60s);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->body(), "b");
  ASSERT_TRUE(delivery->ack());
  EXPECT_FALSE(queue->receive(20ms));
  EXPECT_EQ(queue->counts().in_flight, 0U);
}

TEST_F(RedisForeign, AGroupThatIsDestroyedIsMadeAnew) {
  const auto queue = open_queue();
  queue->send({{.body = "a"}, {.body = "b"}});
  auto delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  redis_->ask({"XGROUP", "DESTROY", key("normal"), "waybill"});
  EXPECT_THAT(queue->receive(10, 0ms), SizeIs(2)) << "what was in flight is no more";
  EXPECT_TRUE(delivery->ack());
}

TEST_F(RedisForeign, FlushedScriptsAreLoadedAgain) {
  const auto queue = open_queue();
  const auto flush = [] { redis_->ask({"SCRIPT", "FLUSH"}); };
  flush();
  EXPECT_EQ(queue->send({{.body = "a"}, {.body = "b"}}), 2U);
  flush();
  auto deliveries = queue->receive(2, 0ms);
  flush();
  EXPECT_EQ(queue->ack(deliveries), 2U);
  flush();
  EXPECT_FALSE(queue->receive(0ms));
}

TEST_F(RedisForeign, WithItsMemoryFullOnlySendingFails) {
  const auto queue = open_queue();
  queue->send({{.body = "a"}, {.body = "b"}, {.body = "c"}, {.body = "d"}});
  redis_->ask({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_THROW(queue->send({.body = "e"}), Error);
  EXPECT_THROW(queue->send({.body = "e", .delay = 1s}), Error);
  auto deliveries = queue->receive(4, 0ms);
  EXPECT_EQ(deliveries.size(), 4U);
  if (deliveries.size() == 4) {
    EXPECT_TRUE(deliveries[0].ack());
    EXPECT_TRUE(deliveries[1].retry());
    EXPECT_TRUE(deliveries[2].dead_letter("x"));
    EXPECT_TRUE(deliveries[3].extend(1h));
  }
  redis_->ask({"CONFIG", "SET", "maxmemory", "0"});
  const Counts counts = queue->counts();
  EXPECT_EQ(counts.ready, 1U);
  EXPECT_EQ(counts.in_flight, 1U);
  EXPECT_EQ(counts.dead, 1U);
}

}  // namespace
}  // namespace waybill::queue
