// Urls, what can be wrong with them, and servers that do not let us in.

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_nats/internal/nats_names.h>
#include <waybill/queue_nats/internal/nats_settings.h>
#include <waybill/queue_nats/internal/test_nats.h>
#include <waybill/queue_nats/queue_nats.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using internal::NatsNames;
using internal::parse_nats_url;
using internal::TestNats;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string error_of_opening(const std::string& url, const Options& options = {}) {
  enable_nats();
  try {
    open(url, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(NatsUrl, IsTakenApart) {
  const auto settings = parse_nats_url(
      "nats://user:pass%40word@a,[::1]:7000,b:8?queue=a%7Bb&timeout=250&replicas=3&tls=on");
  EXPECT_EQ(settings.user, "user");
  EXPECT_EQ(settings.password, "pass@word");
  EXPECT_EQ(settings.token, "");
  EXPECT_EQ(settings.queue, "a{b");
  EXPECT_EQ(settings.timeout, 250ms);
  EXPECT_EQ(settings.replicas, 3);
  EXPECT_THAT(settings.server_urls(), ElementsAre("tls://a:4222", "tls://[::1]:7000", "tls://b:8"));
  EXPECT_EQ(settings.description(), "queue 'a{b' at nats://a:4222,[::1]:7000,b:8");
}

TEST(NatsUrl, HasDefaults) {
  const auto settings = parse_nats_url("nats://host?queue=q");
  EXPECT_EQ(settings.timeout, 5s);
  EXPECT_EQ(settings.replicas, 1);
  EXPECT_THAT(settings.server_urls(), ElementsAre("nats://host:4222"));
  EXPECT_EQ(parse_nats_url("nats://host?queue=q&replicas=3").timeout, 30s)
      << "as long as an election may take";
  EXPECT_EQ(parse_nats_url("nats://t0ken@host?queue=q").token, "t0ken");
}

TEST(NatsUrl, IsRefusedWhenSomethingIsWrongWithIt) {
  for (const std::string url :
       {"nats:", "nats://host", "nats://?queue=q", "nats://host?queue=", "nats://host/1?queue=q",
        "nats://:password@host?queue=q", "nats://host?queue=q&timeout=0",
        "nats://host?queue=q&timeout=60001", "nats://host?queue=q&timeout=1s",
        "nats://host?queue=q&replicas=0", "nats://host?queue=q&replicas=6",
        "nats://host?queue=q&tls=", "nats://host?queue=q&wait=1", "nats://host:70000?queue=q"}) {
    EXPECT_THAT(error_of_opening(url), HasSubstr("is not valid")) << url;
  }
}

TEST(NatsUrl, TellsNoPassword) {
  for (const std::string url :
       {"nats://user:secret@a,b/x?queue=q", "nats://:secret@host?queue=q",
        "nats://user:secret@host?queue=q&timeout=0", "nats://user:secret@127.0.0.1:1?queue=q",
        "nats://secret@127.0.0.1:1?queue=q"}) {
    EXPECT_THAT(error_of_opening(url),
                AllOf(Not(HasSubstr("secret")), Not(StartsWith("no error"))));
  }
}

TEST(NatsNames, AnyTextIsOneWord) {
  EXPECT_EQ(NatsNames::token("invoices-7_a"), "invoices-7_a");
  EXPECT_EQ(NatsNames::token("a.b *>"), "a=2Eb=20=2A=3E");
  EXPECT_EQ(NatsNames::token(std::string(500, 'x')).size(), 66U);
  EXPECT_NE(NatsNames::token(std::string(500, 'x')), NatsNames::token(std::string(501, 'x')));
  EXPECT_NE(NatsNames::token(""), NatsNames::token("=="));
}

TEST(NatsOpening, SaysWhoDoesNotAnswer) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(error_of_opening("nats://127.0.0.1:1?queue=work"),
              AllOf(HasSubstr("queue 'work' at nats://127.0.0.1:1 cannot be opened"),
                    HasSubstr("No server available")));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
}

TEST(NatsOpening, SignsInWithAPassword) {
  TestNats nats("authorization { user: worker, password: \"p@ss\" }");
  const std::string host = "127.0.0.1:" + std::to_string(nats.port()) + "?queue=q";
  EXPECT_THAT(error_of_opening("nats://" + host), HasSubstr("cannot be opened"));
  EXPECT_THAT(error_of_opening("nats://worker:wrong@" + host),
              AllOf(HasSubstr("uthoriz"), Not(HasSubstr("wrong"))));
  open("nats://worker:p%40ss@" + host)->send({.body = "in"});
  EXPECT_EQ(open("nats://worker:p%40ss@" + host)->receive(0ms)->body(), "in");
}

TEST(NatsOpening, SignsInWithAToken) {
  TestNats nats("authorization { token: \"s3cret\" }");
  const std::string host = "127.0.0.1:" + std::to_string(nats.port()) + "?queue=q";
  EXPECT_THAT(error_of_opening("nats://wr0ng@" + host), HasSubstr("cannot be opened"));
  EXPECT_EQ(error_of_opening("nats://s3cret@" + host), "no error");
}

TEST(NatsOpening, MakesNoQueueThatIsNotWanted) {
  TestNats nats;
  const std::string url = nats.url("work");
  EXPECT_THAT(error_of_opening(url, {.create = false}), HasSubstr("there is no queue 'work'"));
  EXPECT_THAT(nats.ask("$JS.API.STREAM.NAMES"), HasSubstr("\"total\":0"));
  open(url);
  EXPECT_EQ(error_of_opening(url, {.create = false}), "no error");
}

TEST(NatsOpening, MoreReplicasThanServersAreRefused) {
  TestNats nats;
  EXPECT_THAT(error_of_opening(nats.url("q", "&replicas=3")),
              AllOf(HasSubstr("queue 'q' at nats://127.0.0.1"), HasSubstr("replicas")));
}

TEST(NatsOpening, NamesAreKeptApartWhateverIsInThem) {
  TestNats nats;
  enable_nats();
  const std::vector<std::string> names{"a.b",
                                       "a%252Eb",
                                       "a*",
                                       "a>",
                                       ">",
                                       "a b",
                                       "a",
                                       "a_dead",
                                       std::string(128, 'a'),
                                       std::string(127, 'a')};
  for (const std::string& name : names) open(nats.url(name))->send({.body = name});
  for (const std::string& name : names) {
    const auto queue = open(nats.url(name));
    EXPECT_EQ(queue->counts().ready, 1U) << name;
    const auto delivery = queue->receive(0ms);
    ASSERT_TRUE(delivery) << name;
    EXPECT_EQ(delivery->body(), name);
  }
}

}  // namespace
}  // namespace waybill::queue
