#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/queue/internal/server_url.h>

namespace waybill::queue::internal {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

const ServerUrlShape kShape{.scheme = "nats",
                            .default_port = 4222,
                            .example = "nats://HOST?queue=NAME",
                            .parameters = {"replicas"},
                            .takes_path = true};

TEST(ServerUrl, TakesEverythingApart) {
  const ServerUrl url = parse_server_url(
      "nats://al%40ice:p%3Aw%2F@a.example,10.0.0.2:4223,[::1],[::2]:9/some%20path"
      "?replicas=3&queue=in%20voices",
      kShape);
  EXPECT_EQ(url.user, "al@ice");
  EXPECT_EQ(url.password, "p:w/");
  EXPECT_THAT(url.servers,
              ElementsAre(ServerUrl::Server{"a.example", 4222}, ServerUrl::Server{"10.0.0.2", 4223},
                          ServerUrl::Server{"::1", 4222}, ServerUrl::Server{"::2", 9}));
  EXPECT_EQ(url.path, "some path");
  EXPECT_EQ(url.queue, "in voices");
  EXPECT_THAT(url.parameters, ElementsAre(Pair("replicas", "3")));
}

TEST(ServerUrl, RefusesWhatHasNotTheShape) {
  for (const std::string url :
       {"nats://", "nats://?queue=a", "nats:a?queue=a", "redis://a?queue=a", "nats://a",
        "nats://a?queue=", "nats://a?queue=a&queue=b", "nats://a?queue=a&color=red",
        "nats://a:0?queue=a", "nats://a:65536?queue=a", "nats://a:?queue=a", "nats://a:x?queue=a",
        "nats://a,,b?queue=a", "nats://[::1?queue=a", "nats://[::1]9?queue=a", "nats://a?queue=%zz",
        "nats://a?queue=a%0ab"}) {
    try {
      parse_server_url(url, kShape);
      ADD_FAILURE() << url;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("expected nats://HOST?queue=NAME")) << url;
    }
  }
  ServerUrlShape without_path = kShape;
  without_path.takes_path = false;
  EXPECT_THROW(parse_server_url("nats://a/path?queue=a", without_path), Error);
  EXPECT_NO_THROW(parse_server_url("nats://a/?queue=a", without_path));
}

TEST(ServerUrl, TellsNoPassword) {
  EXPECT_EQ(without_password("redis://bob:secret@h:1/0?queue=a"), "redis://bob:***@h:1/0?queue=a");
  EXPECT_EQ(without_password("redis://:s:e@cret@h?queue=a"), "redis://:***@h?queue=a");
  EXPECT_EQ(without_password("redis://bob@h?queue=a@b:c"), "redis://bob@h?queue=a@b:c");
  EXPECT_EQ(without_password("memory:a"), "memory:a");
  EXPECT_EQ(without_password(""), "");
  try {
    parse_server_url("nats://bob:secret@h?queue=", kShape);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("bob:***@h"), Not(HasSubstr("secret"))));
  }
}

}  // namespace
}  // namespace waybill::queue::internal
