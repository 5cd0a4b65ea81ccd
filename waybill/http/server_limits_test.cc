// What a Server does with requests that are malformed, too large or too slow.
#include <chrono>
#include <string>
#include <thread>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/http/internal/log_capture.h>
#include <waybill/http/internal/raw_socket.h>
#include <waybill/http/server.h>

namespace waybill::http {
namespace {

using boost::asio::awaitable;
using internal::LogCapture;
using internal::RawSocket;
using testing::Eq;
using testing::HasSubstr;
using testing::Optional;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""h;

Response echo(const Request& request) {
  return Response::text(200, request.body);
}

// Waits for what other threads are about to do.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

class ServerLimits : public testing::Test {
 protected:
  void start(ServerOptions options) {
    server_.emplace(options);
    server_->route("POST", "/echo", echo);
    server_->route("GET", "/slow", [](Request) -> awaitable<Response> {
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
      co_await timer.async_wait(boost::asio::use_awaitable);
      co_return Response::text(200, "too late");
    });
    server_->route("GET", "/large", [](const Request&) {
      return Response::text(200, std::string(64 * 1024 * 1024, 'x'));
    });
    server_->start();
  }

  LogCapture log_;
  std::optional<Server> server_;
};

struct BadRequest {
  const char* name;
  std::string bytes;
  int status;
};

class Malformed : public testing::TestWithParam<BadRequest> {};

TEST_P(Malformed, IsRefusedAndTheConnectionClosed) {
  LogCapture log;
  Server server;
  server.route("POST", "/echo", echo);
  server.start();
  RawSocket socket(server.port());
  const auto response = socket.send(GetParam().bytes).receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, GetParam().status) << response->body;
  EXPECT_THAT(response->header("Connection"), Optional(Eq("close")));
  EXPECT_TRUE(response->header("X-Trace-ID"));
  EXPECT_TRUE(socket.closed());
  const auto records = log.of("http.access");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].fields.at("http.response.status_code"), std::to_string(GetParam().status));
}

const std::string kHead = "POST /echo HTTP/1.1\r\nHost: a\r\n";

INSTANTIATE_TEST_SUITE_P(
    Requests, Malformed,
    testing::Values(
        BadRequest{"NoHttp", "hello there\r\n\r\n", 400},
        BadRequest{"Binary",
                   std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), 400},
        BadRequest{"NoVersion", "GET /\r\n\r\n", 400},
        BadRequest{"OddVersion", "GET / FOO-BAR/9\r\n\r\n", 400},
        BadRequest{"Http2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        BadRequest{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
        BadRequest{"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        BadRequest{"Target", "GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        BadRequest{"Escape", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        BadRequest{"SpaceBeforeColon", kHead + "A : b\r\n\r\n", 400},
        BadRequest{"NulInHeader", kHead + std::string("A: b\0c\r\n\r\n", 10), 400},
        BadRequest{"Length", kHead + "Content-Length: x\r\n\r\n", 400},
        BadRequest{"NegativeLength", kHead + "Content-Length: -1\r\n\r\n", 400},
        BadRequest{"TwoLengths", kHead + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
        BadRequest{"LengthAndChunked",
                   kHead + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        BadRequest{"ChunkedAndLength",
                   kHead + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
        BadRequest{"OtherCoding", kHead + "Transfer-Encoding: gzip\r\n\r\nGET / HTTP/1.1\r\n", 501},
        BadRequest{"CodingBeforeChunked",
                   kHead + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
        BadRequest{"ChunkedThenOther", kHead + "Transfer-Encoding: chunked, gzip\r\n\r\n", 501},
        BadRequest{"CodingInHttp10",
                   "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        BadRequest{"ChunkSize", kHead + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
        BadRequest{"ChunkEnd", kHead + "Transfer-Encoding: chunked\r\n\r\n1\r\nabcd\r\n", 400},
        BadRequest{"EndlessChunkExtension",
                   kHead + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(60'000, 'a'), 400},
        BadRequest{"Expectation", kHead + "Expect: a-pony\r\nContent-Length: 1\r\n\r\na", 417},
        BadRequest{"HeadersTooLarge", kHead + "A: " + std::string(20'000, 'a') + "\r\n\r\n", 431},
        BadRequest{"HeadersWithoutEnd", kHead + "A: " + std::string(200'000, 'a'), 431},
        BadRequest{"TargetTooLarge", "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n", 431},
        BadRequest{"BodyTooLarge", kHead + "Content-Length: 1048577\r\n\r\n", 413},
        BadRequest{"BodyFarTooLarge", kHead + "Content-Length: 18446744073709551615\r\n\r\n", 413},
        BadRequest{"ChunkTooLarge", kHead + "Transfer-Encoding: chunked\r\n\r\n100001\r\n", 413}),
    [](const auto& test) { return test.param.name; });

TEST_F(ServerLimits, CountHeadersThatComeInSmallPieces) {
  start({.max_header_bytes = 1024});
  RawSocket socket(server_->port());
  socket.send("GET / HTTP/1.1\r\n");
  std::string sent = "GET / HTTP/1.1\r\n";
  while (sent.size() <= 1024) {
    const std::string line = "A" + std::to_string(sent.size()) + ": b\r\n";
    socket.send(line);
    sent += line;
  }
  const auto response = socket.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 431);
}

TEST_F(ServerLimits, AllowHeadersAndBodiesOfExactlyTheLimit) {
  start({.max_header_bytes = 1024, .max_body_bytes = 3000});
  const auto request = [](std::size_t head, std::size_t body) {
    const std::string line =
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body) + "\r\nA: ";
    return line + std::string(head - line.size() - 4, 'a') + "\r\n\r\n" + std::string(body, 'b');
  };
  const auto status = [&](std::size_t head, std::size_t body) {
    const auto response = RawSocket(server_->port()).send(request(head, body)).receive();
    return response ? response->status : 0;
  };
  EXPECT_EQ(status(1024, 3000), 200);
  EXPECT_EQ(status(1025, 3000), 431);
  EXPECT_EQ(status(1024, 3001), 413);
}

TEST_F(ServerLimits, CountTheChunksOfABodyTogether) {
  start({.max_body_bytes = 5});
  const auto response = RawSocket(server_->port())
                            .send(kHead +
                                  "Transfer-Encoding: chunked\r\n\r\n"
                                  "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n")
                            .receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413);
}

TEST_F(ServerLimits, LetAClientReadItsRefusalThoughItStillSends) {
  start({.max_body_bytes = 1000});
  RawSocket socket(server_->port());
  socket.send(kHead + "Content-Length: 500000\r\n\r\n" + std::string(500'000, 'a'));
  const auto response = socket.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413);
}

TEST_F(ServerLimits, EndAConnectionThatStaysIdle) {
  start({.idle_timeout = 30ms});
  RawSocket socket(server_->port());
  EXPECT_TRUE(socket.closed());
  RawSocket used(server_->port());
  EXPECT_TRUE(used.send(kHead + "Content-Length: 0\r\n\r\n").receive());
  EXPECT_TRUE(used.closed());
  EXPECT_EQ(log_.of("http.access").size(), 1U);
}

TEST_F(ServerLimits, AnswerHeadersThatTakeTooLong) {
  start({.header_timeout = 30ms});
  RawSocket socket(server_->port());
  const auto response = socket.send("GET / HTTP/1.1\r\nHost:").receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
  EXPECT_TRUE(socket.closed());
}

TEST_F(ServerLimits, AnswerABodyThatTakesTooLongUnderItsTrace) {
  start({.request_timeout = 30ms});
  RawSocket socket(server_->port());
  const auto response =
      socket.send(kHead + "X-Trace-ID: slow-1\r\nContent-Length: 10\r\n\r\nabc").receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
  EXPECT_THAT(response->header("X-Trace-ID"), Optional(Eq("slow-1")));
  EXPECT_TRUE(socket.closed());
}

TEST_F(ServerLimits, GiveUpOnACoroutineThatTakesTooLong) {
  start({.request_timeout = 30ms});
  RawSocket socket(server_->port());
  const auto response =
      socket.send("GET /slow HTTP/1.1\r\nHost: a\r\nX-Trace-ID: slow-2\r\n\r\n").receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_THAT(response->header("X-Trace-ID"), Optional(Eq("slow-2")));
  server_->stop();
  const auto records = log_.of("http");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].level, Level::kWarn);
  EXPECT_EQ(records[0].trace_id, TraceId::from_name("slow-2"));
  EXPECT_EQ(log_.of("http.access").size(), 1U);
}

TEST_F(ServerLimits, EndAConnectionWhoseClientDoesNotRead) {
  start({.write_timeout = 30ms});
  RawSocket socket(server_->port());
  socket.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return log_.of("http.access").size() == 1; }));
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

TEST_F(ServerLimits, TurnAwayConnectionsBeyondTheirNumber) {
  start({.max_connections = 1});
  {
    RawSocket first(server_->port());
    ASSERT_TRUE(first.send(kHead + "Content-Length: 0\r\n\r\n").receive());
    RawSocket second(server_->port());
    const auto response = second.send(kHead + "Content-Length: 0\r\n\r\n").receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 503);
    EXPECT_THAT(response->header("Retry-After"), Optional(Eq("1")));
    EXPECT_TRUE(second.closed());
    EXPECT_TRUE(first.send(kHead + "Content-Length: 0\r\n\r\n").receive());
  }
  ASSERT_TRUE(eventually([&] { return server_->connections() == 0; }));
  const auto response =
      RawSocket(server_->port()).send(kHead + "Content-Length: 0\r\n\r\n").receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
}

TEST_F(ServerLimits, SurviveClientsThatGoAwayAtAnyPoint) {
  start({});
  const std::string request = kHead + "Content-Length: 5\r\n\r\nabcde";
  for (std::size_t size = 0; size < request.size(); ++size) {
    RawSocket(server_->port()).send(request.substr(0, size));
  }
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
  const auto response = RawSocket(server_->port()).send(request).receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "abcde");
}

}  // namespace
}  // namespace waybill::http
