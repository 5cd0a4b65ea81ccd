// Urls, what can be wrong with them, and servers that do not answer.

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_redis/internal/redis_settings.h>
#include <waybill/queue_redis/internal/test_redis.h>
#include <waybill/queue_redis/queue_redis.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using internal::parse_redis_url;
using internal::TestRedis;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

template <class Function>
std::string error_of(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string error_of_opening(const std::string& url, const Options& options = {}) {
  enable_redis();
  return error_of([&] { open(url, options); });
}

TEST(RedisUrl, IsTakenApart) {
  const auto settings =
      parse_redis_url("redis://user:pass%40word@[::1]:7000/3?queue=a%7Bb&timeout=250&replicas=2");
  EXPECT_EQ(settings.user, "user");
  EXPECT_EQ(settings.password, "pass@word");
  EXPECT_EQ(settings.server.host, "::1");
  EXPECT_EQ(settings.server.port, 7000);
  EXPECT_EQ(settings.database, 3);
  EXPECT_EQ(settings.queue, "a{b");
  EXPECT_EQ(settings.timeout, 250ms);
  EXPECT_EQ(settings.replicas, 2);
  EXPECT_EQ(settings.description(), "queue 'a{b' at redis://[::1]:7000/3");
}

TEST(RedisUrl, HasDefaults) {
  const auto settings = parse_redis_url("redis://host?queue=q");
  EXPECT_EQ(settings.server.port, 6379);
  EXPECT_EQ(settings.database, 0);
  EXPECT_EQ(settings.timeout, 5s);
  EXPECT_EQ(settings.replicas, 0);
  EXPECT_EQ(settings.description(), "queue 'q' at redis://host:6379");
}

TEST(RedisUrl, IsRefusedWhenSomethingIsWrongWithIt) {
  for (const std::string url :
       {"redis:", "redis://host", "redis://?queue=q", "redis://host?queue=", "redis://a,b?queue=q",
        "redis://user@host?queue=q", "redis://host/x?queue=q", "redis://host/-1?queue=q",
        "redis://host/1/2?queue=q", "redis://host?queue=q&timeout=0",
        "redis://host?queue=q&timeout=", "redis://host?queue=q&timeout=1s",
        "redis://host?queue=q&replicas=101", "redis://host?queue=q&wait=1",
        "redis://host:70000?queue=q"}) {
    EXPECT_THAT(error_of_opening(url), HasSubstr("is not valid")) << url;
  }
}

TEST(RedisUrl, TellsNoPassword) {
  for (const std::string url :
       {"redis://user:secret@a,b?queue=q", "redis://:secret@host/x?queue=q",
        "redis://user:secret@host?queue=q&timeout=0", "redis://user:secret@127.0.0.1:1?queue=q"}) {
    EXPECT_THAT(error_of_opening(url),
                AllOf(Not(HasSubstr("secret")), Not(StartsWith("no error"))));
  }
}

TEST(RedisOpening, SaysWhoDoesNotAnswer) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(error_of_opening("redis://127.0.0.1:1?queue=work"),
              AllOf(HasSubstr("queue 'work' at redis://127.0.0.1:1 cannot be opened"),
                    HasSubstr("Connection refused")));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
}

TEST(RedisOpening, SignsIn) {
  TestRedis redis({"--requirepass", "secret"});
  redis.ask({"PING"});
  const std::string host = "127.0.0.1:" + std::to_string(redis.port());
  EXPECT_THAT(error_of_opening("redis://" + host + "?queue=q"), HasSubstr("NOAUTH"));
  EXPECT_THAT(error_of_opening("redis://:wrong@" + host + "?queue=q"),
              AllOf(HasSubstr("WRONGPASS"), Not(HasSubstr("wrong@"))));
  const auto queue = open("redis://:secret@" + host + "?queue=q");
  queue->send({.body = "in"});
  EXPECT_EQ(open("redis://default:secret@" + host + "?queue=q")->receive(0ms)->body(), "in");
}

TEST(RedisOpening, AUserNeedsTheQueuesKeysAndChannelsAlone) {
  TestRedis redis;
  redis.ask({"ACL", "SETUSER", "worker", "on", ">pass", "~waybill:*", "&waybill:*", "+@all",
             "-@admin", "-@dangerous"});
  enable_redis();
  const auto queue =
      open("redis://worker:pass@127.0.0.1:" + std::to_string(redis.port()) + "?queue=q");
  queue->send(
      {{.body = "a"}, {.body = "b", .priority = Priority::kHigh}, {.body = "c", .delay = 1ms}});
  for (int i = 0; i < 3; ++i) {
    auto delivery = queue->receive(60s);
    ASSERT_TRUE(delivery && delivery->ack());
  }
  EXPECT_FALSE(queue->receive(10ms));
}

TEST(RedisOpening, DatabasesHaveNothingToDoWithEachOther) {
  TestRedis redis;
  enable_redis();
  const std::string server = "redis://127.0.0.1:" + std::to_string(redis.port());
  open(server + "/3?queue=q")->send({.body = "three"});
  EXPECT_EQ(open(server + "?queue=q")->counts().ready, 0U);
  EXPECT_EQ(open(server + "/3?queue=q")->counts().ready, 1U);
  EXPECT_THAT(error_of_opening(server + "/99?queue=q"), HasSubstr("DB index is out of range"));
}

TEST(RedisOpening, MakesNoQueueThatIsNotWanted) {
  TestRedis redis;
  const std::string url = redis.url("work");
  EXPECT_THAT(error_of_opening(url, {.create = false}), HasSubstr("there is no queue 'work'"));
  EXPECT_EQ(redis.ask_number({"DBSIZE"}), 0);
  open(url);
  EXPECT_EQ(error_of_opening(url, {.create = false}), "no error");
}

TEST(RedisOpening, NamesAreKeptApartWhateverIsInThem) {
  TestRedis redis;
  enable_redis();
  const std::vector<std::string> names{"a}b", "a%257Db", "a{b}", "}", "a", "a:low", "\xC3\xA9 +"};
  for (const std::string& name : names) {
    std::string encoded;
    for (const char c : name) {
      encoded += c == '+' ? "%2B" : c == ' ' ? "%20" : std::string(1, c);
    }
    open(redis.url(encoded))->send({.body = name});
  }
  for (const std::string& name : names) {
    std::string encoded;
    for (const char c : name) {
      encoded += c == '+' ? "%2B" : c == ' ' ? "%20" : std::string(1, c);
    }
    const auto queue = open(redis.url(encoded));
    EXPECT_EQ(queue->counts().ready, 1U) << name;
    EXPECT_EQ(queue->receive(0ms)->body(), name);
  }
}

}  // namespace
}  // namespace waybill::queue
