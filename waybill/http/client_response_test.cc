// What a Client makes of the bytes that servers send, and what it sends itself.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/http/client.h>
#include <waybill/http/internal/raw_server.h>

namespace waybill::http {
namespace {

using internal::RawServer;
using testing::HasSubstr;

struct AnswerCase {
  const char* name;
  std::string answer;
  int status;  // 0: an error
  std::string body;
  ClientError error = ClientError::kInternal;
};

class ClientReads : public testing::TestWithParam<AnswerCase> {};

TEST_P(ClientReads, WhatTheServerSends) {
  RawServer server({{GetParam().answer}});
  Client client({.max_response_bytes = 100, .max_header_bytes = 1000});
  const ClientResult result = client.get(server.url());
  if (GetParam().status != 0) {
    ASSERT_TRUE(result.ok()) << result.message;
    EXPECT_EQ(result.response.status, GetParam().status);
    EXPECT_EQ(result.response.body, GetParam().body);
  } else {
    EXPECT_EQ(result.error, GetParam().error) << result.message;
    EXPECT_THAT(result.message, HasSubstr(server.url().substr(7, 11)));
  }
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";

INSTANTIATE_TEST_SUITE_P(
    Answers, ClientReads,
    testing::Values(
        AnswerCase{"Length", kOk + "Content-Length: 2\r\n\r\nab", 200, "ab"},
        AnswerCase{"Chunks",
                   kOk + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n", 200,
                   "ab"},
        AnswerCase{"UntilTheEnd", kOk + "\r\nabc", 200, "abc"},
        AnswerCase{"Http10", "HTTP/1.0 200 OK\r\n\r\nabc", 200, "abc"},
        AnswerCase{"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
        AnswerCase{"Interim",
                   "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" +
                       kOk + "Content-Length: 1\r\n\r\na",
                   200, "a"},
        AnswerCase{"Nothing", "", 0, "", ClientError::kConnectionClosed},
        AnswerCase{"HalfAHead", "HTTP/1.1 200 OK\r\nA:", 0, "", ClientError::kConnectionClosed},
        AnswerCase{"HalfABody", kOk + "Content-Length: 2\r\n\r\na", 0, "",
                   ClientError::kConnectionClosed},
        AnswerCase{"HalfAChunk", kOk + "Transfer-Encoding: chunked\r\n\r\n9\r\na", 0, "",
                   ClientError::kConnectionClosed},
        AnswerCase{"NotHttp", "SSH-2.0-OpenSSH\r\n\r\n", 0, "", ClientError::kBadResponse},
        AnswerCase{"TooLong", kOk + "Content-Length: 101\r\n\r\n", 0, "",
                   ClientError::kResponseTooLarge},
        AnswerCase{"TooMuch", kOk + "\r\n" + std::string(200, 'a'), 0, "",
                   ClientError::kResponseTooLarge},
        AnswerCase{"TooManyHeaders", kOk + "A: " + std::string(2'000, 'a') + "\r\n\r\n", 0, "",
                   ClientError::kResponseTooLarge}),
    [](const auto& test) { return test.param.name; });

TEST(ClientRetries, AnIdempotentRequestOnADeadConnection) {
  const std::string answer = kOk + "Content-Length: 1\r\n\r\n";
  // The server reads the second request on the first connection, and closes it without an answer.
  RawServer closing({{answer + "a", ""}, {answer + "b"}});
  Client client;
  EXPECT_EQ(client.get(closing.url()).response.body, "a");
  EXPECT_EQ(client.get(closing.url()).response.body, "b");
}

TEST(ClientRetries, NoRequestThatMayHaveBeenCarriedOut) {
  RawServer closing({{kOk + "Content-Length: 1\r\n\r\na", ""}});
  Client client;
  EXPECT_TRUE(client.get(closing.url()).ok());
  EXPECT_EQ(client.post(closing.url(), "").error, ClientError::kConnectionClosed);
}

TEST(ClientSends, OneWellFormedHead) {
  RawServer server({{kOk + "Content-Length: 0\r\n\r\n"}});
  Client client;
  const Headers headers{
      {"Content-Length", "99"}, {"Connection", "close"}, {"A", "x\r\nInjected: yes"}};
  EXPECT_TRUE(client.post(server.url("/a?b#c"), "", headers).ok());
  EXPECT_EQ(server.received(), "POST /a?b HTTP/1.1\r\nHost: " + server.url("").substr(7) +
                                   "\r\nA: x  Injected: yes\r\nContent-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace waybill::http
