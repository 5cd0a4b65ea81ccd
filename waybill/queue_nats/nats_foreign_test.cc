// What other programs see of a queue in NATS, and what they may put there, in good faith or not.

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/error.h>
#include <waybill/core/scope.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_nats/internal/test_nats.h>
#include <waybill/queue_nats/queue_nats.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;
using internal::TestNats;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;
using Pairs = std::vector<std::pair<std::string, std::string>>;

class NatsForeign : public ::testing::Test {
 protected:
  void SetUp() override { enable_nats(); }
  std::unique_ptr<Queue> open_queue(const Options& options = {}) {
    return open(nats_.url("q"), options);
  }
  // As another program does.
  void add(const std::string& body, const Pairs& headers = {},
           const std::string& subject = "waybill.q.normal") {
    EXPECT_THAT(nats_.ask(subject, body, headers), HasSubstr("\"seq\":"));
  }

  TestNats nats_;
};

TEST_F(NatsForeign, HeadersAreThereForOthersToSee) {
  const Context sender = Context::new_trace();
  {
    const Scope scope{sender};
    open_queue()->send({.body = "text", .headers = {{"kind", "invoice"}}});
  }
  const auto answer =
      nlohmann::json::parse(nats_.ask("$JS.API.STREAM.MSG.GET.waybill_q", R"({"seq":1})"));
  const std::string headers = answer.at("message").at("hdrs");
  // "traceparent" and "invoice", in base64, at one of three places each.
  const auto has = [&](const std::vector<std::string>& spellings) {
    return std::ranges::any_of(
        spellings, [&](const std::string& one) { return headers.find(one) != std::string::npos; });
  };
  EXPECT_TRUE(has({"dHJhY2VwYXJlbn", "RyYWNlcGFyZW50", "0cmFjZXBhcmVud"})) << headers;
  EXPECT_TRUE(has({"aW52b2ljZ", "ludm9pY2", "pbnZvaWNl"})) << headers;
  EXPECT_EQ(answer.at("message").at("data"), "dGV4dA==");
}

TEST_F(NatsForeign, WhatOthersPublishIsDelivered) {
  const auto queue = open_queue();
  add("text", {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
               {"kind", "invoice"},
               {"kind", "urgent"},
               {"Nats-Msg-Id", "theirs"}});
  auto delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->body(), "text");
  EXPECT_EQ(delivery->attempt(), 1U);
  EXPECT_EQ(delivery->id(), "s1");
  EXPECT_EQ(delivery->context().trace_id().to_hex(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_THAT(delivery->headers(), ElementsAre(Pair("kind", "invoice"), Pair("kind", "urgent"),
                                               Pair("traceparent", ::testing::_)));

  // It stays what it is, wherever it goes.
  const Headers headers = delivery->headers();
  ASSERT_TRUE(delivery->retry());
  delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->id(), "s1");
  EXPECT_EQ(delivery->attempt(), 2U);
  EXPECT_EQ(delivery->headers(), headers);
  ASSERT_TRUE(delivery->dead_letter("no use"));
  ASSERT_THAT(queue->dead_letters(10), SizeIs(1));
  EXPECT_EQ(queue->dead_letters(1)[0].headers, headers);
  ASSERT_TRUE(queue->retry_dead_letter("s1"));
  delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->headers(), headers);
  EXPECT_EQ(delivery->attempt(), 1U);
  EXPECT_TRUE(delivery->ack());
}

TEST_F(NatsForeign, WhoWaitsFindsWhatOthersPublish) {
  const auto queue = open_queue();
  std::thread other([&] { add("text"); });
  EXPECT_EQ(queue->receive(60s)->body(), "text");
  other.join();
}

TEST_F(NatsForeign, LabelsThatAreNotOursAreNone) {
  const auto queue = open_queue();
  const std::vector<Pairs> all{{{"Waybill", "17 0"}},
                               {{"Nats-Msg-Id", "a"}, {"Waybill", "x"}},
                               {{"Nats-Msg-Id", "b"}, {"Waybill", "17"}},
                               {{"Nats-Msg-Id", "c"}, {"Waybill", "-17 0"}},
                               {{"Nats-Msg-Id", "d"}, {"Waybill", "17 4294967296"}},
                               {{"Nats-Msg-Id", "e"}, {"Waybill", "17 4000000000"}},
                               {{"Nats-Msg-Id", "f"}, {"Waybill", "99999999999999999999999 0"}},
                               {{"Nats-Msg-Id", "g"}, {"Waybill", "17 0 =broken"}},
                               {{"Nats-Msg-Id", "h"}, {"Waybill", "17 0 =a=%zz"}},
                               {{"Nats-Msg-Id", "/1"}, {"Waybill", "17 0"}},
                               {{"Nats-Msg-Id", std::string(300, 'i')}, {"Waybill", "17 0"}},
                               {{"Waybill", std::string(1 << 15, '9')}}};
  for (const Pairs& headers : all) add("text", headers);
  for (unsigned round = 1; round <= 2; ++round) {
    std::vector<Delivery> deliveries = queue->receive(100, 0ms);
    ASSERT_THAT(deliveries, SizeIs(all.size()));
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(deliveries[i].attempt(), round) << i;
      EXPECT_EQ(deliveries[i].id(), "s" + std::to_string(i + 1));
      EXPECT_EQ(deliveries[i].body(), "text");
      EXPECT_TRUE(round == 1 ? deliveries[i].retry() : deliveries[i].ack()) << i;
    }
  }
}

TEST_F(NatsForeign, HeadersThatNatsCannotCarryOrWouldObeyTravelAllTheSame) {
  const auto queue = open_queue();
  const Headers headers{{"Nats-Rollup", "all"},
                        {"nats-expected-last-sequence", "7"},
                        {"Waybill", "17 0"},
                        {"Status", "404"},
                        {"with space", "a"},
                        {"colon:", "b"},
                        {"lines", "a\r\nb: c"},
                        {"spaces", " a "},
                        {"empty", ""},
                        {"plain", "a=b%20c"},
                        {"eq=ual", "x"},
                        {"plain", "again"},
                        {std::string("\0\xff", 2), std::string("\0\xff\n", 3)}};
  queue->send({.body = "text", .headers = headers});
  EXPECT_EQ(queue->peek(1).at(0).headers, headers);
  EXPECT_EQ(queue->receive(0ms)->headers(), headers);
}

TEST_F(NatsForeign, WhatIsTooLargeIsRefusedBeforeAnythingIsSent) {
  const auto queue = open_queue();
  EXPECT_THROW(queue->send({{.body = "small"}, {.body = std::string(9 << 20, 'x')}}), Error);
  EXPECT_THROW(queue->send({{.body = "small"},
                            {.body = "b", .headers = {{"h", std::string(1 << 16, 'x')}}}}),
               Error);
  EXPECT_EQ(queue->counts().ready, 0U);
}

TEST_F(NatsForeign, WhatIsPutOffUntilNobodyKnowsWhenIsDue) {
  const auto queue = open_queue();
  add("rubbish", {}, "waybill.q.later.soon.high");
  add("past", {}, "waybill.q.later.1.elsewhere");
  std::vector<std::string> bodies;
  while (bodies.size() < 2) bodies.push_back(queue->receive(60s).value().body());
  EXPECT_THAT(bodies, ElementsAre("rubbish", "past"));
}

TEST_F(NatsForeign, RubbishAmongTheNotesDoesNoHarm) {
  const auto queue = open_queue({.visibility_timeout = 30ms});
  const auto patient = open_queue();
  patient->send({.body = "text"});
  EXPECT_THAT(patient->arrive("g", 0, 1, "x"), ElementsAre("x"));  // makes the notes' stream
  add("rubbish", {}, "waybill.q.claim.1");
  add("1 2", {}, "waybill.q.claim.7");
  add("9 9 99999999999999999999", {}, "waybill.q.claim.x");
  EXPECT_EQ(patient->counts().ready, 1U);
  EXPECT_THAT(patient->peek(10), SizeIs(1));
}

TEST_F(NatsForeign, AQueueThatIsDeletedIsMadeAnew) {
  const auto queue = open_queue();
  queue->send({{.body = "a"}, {.body = "b"}});
  auto delivery = queue->receive(0ms);
  ASSERT_TRUE(delivery);
  nats_.ask("$JS.API.STREAM.DELETE.waybill_q");
  queue->send({.body = "c"});
  EXPECT_EQ(queue->receive(60s)->body(), "c");
}

TEST_F(NatsForeign, WhatIsDeletedInFlightIsGone) {
  const auto queue = open_queue({.visibility_timeout = 30ms});
  queue->send({{.body = "a"}, {.body = "b"}});
  const auto deliveries = queue->receive(2, 0ms);
  nats_.ask("$JS.API.STREAM.MSG.DELETE.waybill_q", R"({"seq":1})");
  auto delivery = queue->receive(60s);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->body(), "b");
}

TEST_F(NatsForeign, AStreamThatIsFullTakesNoMore) {
  const auto queue = open_queue();
  auto config = nlohmann::json::parse(nats_.ask("$JS.API.STREAM.INFO.waybill_q")).at("config");
  config["max_msgs"] = 1;
  config["discard"] = "new";
  nats_.ask("$JS.API.STREAM.UPDATE.waybill_q", config.dump());
  queue->send({.body = "a"});
  EXPECT_THROW(queue->send({.body = "b"}), Error);
  EXPECT_TRUE(queue->receive(0ms)->ack());
  queue->send({.body = "c"});
}

}  // namespace
}  // namespace waybill::queue
