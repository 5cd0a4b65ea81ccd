#include <functional>
#include <stdexcept>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/http/internal/log_capture.h>
#include <waybill/http/internal/raw_socket.h>
#include <waybill/http/server.h>

namespace waybill::http {
namespace {

using boost::asio::awaitable;
using internal::LogCapture;
using internal::RawSocket;
using testing::AllOf;
using testing::Eq;
using testing::HasSubstr;
using testing::Optional;

class ServerTest : public testing::Test {
 protected:
  void start(ServerOptions options = {}) {
    server_.emplace(options);
    server_->route("GET", "/hello", [](const Request&) { return Response::text(200, "hello"); });
    server_->route("POST", "/echo",
                   [](const Request& request) { return Response::text(200, request.body); });
    server_->route("GET", "/jobs/{id}", [](const Request& request) -> Response {
      return Response::text(200, *request.param("id") + " " +
                                     request.query("zip").value_or("none") + " " + request.route);
    });
    server_->route("PUT", "/coroutine", [](Request request) -> awaitable<Response> {
      co_return Response::text(201, request.body + "!");
    });
    server_->route("PUT", "/by-reference", [](const Request& request) -> awaitable<Response> {
      co_return Response::text(201, request.body + "!");
    });
    server_->route("GET", "/throw", [](const Request&) -> Response {
      throw std::runtime_error("the secret cause");
    });
    server_->route("GET", "/throw-int", [](Request) -> awaitable<Response> {
      throw 7;
      co_return Response{};
    });
    server_->route("GET", "/status-7", [](const Request&) { return Response{.status = 7}; });
    server_->start();
  }

  Response ask(std::string_view request, bool with_body = true) {
    return RawSocket(server_->port())
        .send(request)
        .receive(with_body)
        .value_or(Response{0, {}, {}});
  }

  LogCapture log_;
  std::optional<Server> server_;
};

TEST_F(ServerTest, AnswersFromARoute) {
  start();
  const Response response = ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
  EXPECT_THAT(response.header("Content-Type"), Optional(Eq("text/plain; charset=utf-8")));
}

TEST_F(ServerTest, GivesTheHandlerParametersAndQuery) {
  start();
  EXPECT_EQ(ask("GET /jobs/a%20b?zip=94%2B1 HTTP/1.1\r\nHost: a\r\n\r\n").body,
            "a b 94+1 /jobs/{id}");
  EXPECT_EQ(ask("GET http://a/jobs/7 HTTP/1.1\r\nHost: a\r\n\r\n").body, "7 none /jobs/{id}");
}

TEST_F(ServerTest, GivesTheHandlerTheBody) {
  start();
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde").body, "abcde");
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: x\r\n\r\n")
                .body,
            "abcde");
}

TEST_F(ServerTest, RunsCoroutines) {
  start();
  for (const std::string path : {"/coroutine", "/by-reference"}) {
    const Response response =
        ask("PUT " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.body, "hi!");
  }
}

TEST_F(ServerTest, SaysWhenNoRouteMatches) {
  start();
  EXPECT_EQ(ask("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n").status, 404);
  const Response response = ask("DELETE /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(response.status, 405);
  EXPECT_THAT(response.header("Allow"), Optional(Eq("GET, HEAD")));
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  start();
  RawSocket socket(server_->port());
  socket.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto head = socket.receive(false);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_THAT(head->header("Content-Length"), Optional(Eq("5")));
  const auto next = socket.receive();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body, "hello");
}

TEST_F(ServerTest, KeepsTheConnectionForMoreRequests) {
  start();
  RawSocket socket(server_->port());
  for (int i = 0; i < 3; ++i) {
    const auto response = socket.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "hello");
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInTheirOrder) {
  start();
  RawSocket socket(server_->port());
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    const std::string body = std::to_string(i);
    requests += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body + "\r\n";
  }
  socket.send(requests);
  for (int i = 0; i < 100; ++i) {
    const auto response = socket.receive();
    ASSERT_TRUE(response) << i;
    EXPECT_EQ(response->body, std::to_string(i));
  }
}

TEST_F(ServerTest, ClosesWhenAskedTo) {
  start();
  RawSocket socket(server_->port());
  const auto response =
      socket.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").receive();
  ASSERT_TRUE(response);
  EXPECT_THAT(response->header("Connection"), Optional(Eq("close")));
  EXPECT_TRUE(socket.closed());
}

TEST_F(ServerTest, ClosesAfterHttp10UnlessAskedToKeepAlive) {
  start();
  RawSocket once(server_->port());
  EXPECT_TRUE(once.send("GET /hello HTTP/1.0\r\n\r\n").receive());
  EXPECT_TRUE(once.closed());

  RawSocket kept(server_->port());
  for (int i = 0; i < 2; ++i) {
    const auto response =
        kept.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").receive();
    ASSERT_TRUE(response);
    EXPECT_THAT(response->header("Connection"), Optional(Eq("keep-alive")));
  }
}

TEST_F(ServerTest, TellsAWaitingClientToGoOn) {
  start();
  RawSocket socket(server_->port());
  socket.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  const auto interim = socket.receive();
  ASSERT_TRUE(interim);
  EXPECT_EQ(interim->status, 100);
  const auto response = socket.send("abc").receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "abc");
}

TEST_F(ServerTest, TellsAWaitingClientNotToSendTooMuch) {
  start({.max_body_bytes = 2});
  EXPECT_EQ(
      ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
          .status,
      413);
}

TEST_F(ServerTest, SurvivesAHandlerThatThrows) {
  start();
  RawSocket socket(server_->port());
  for (const std::string path : {"/throw", "/throw-int", "/status-7"}) {
    const auto response = socket.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 500);
    const std::string id(response->header("X-Trace-ID").value_or("none"));
    EXPECT_EQ(response->body, R"({"error": "internal error", "trace_id": ")" + id + "\"}");
  }
  const auto records = log_.of("http");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].level, Level::kError);
  EXPECT_THAT(records[0].message, HasSubstr("the secret cause"));
  EXPECT_THAT(records[2].message, HasSubstr("status is 7"));
  const auto accesses = log_.of("http.access");
  ASSERT_EQ(accesses.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(records[i].span_id, accesses[i].span_id);
}

TEST_F(ServerTest, PassesRequestsThroughMiddlewaresFromOutsideIn) {
  Server server;
  const auto marking = [](std::string mark) {
    return [mark](Request request, Next next) -> awaitable<Response> {
      request.headers.add("Way", mark);
      Response response = co_await next(std::move(request));
      response.headers.add("Back", mark);
      co_return response;
    };
  };
  server.use(marking("outer"));
  server.use(marking("inner"));
  server.use([](Request request, Next next) -> awaitable<Response> {
    if (request.header("Stop")) co_return Response::text(401, request.route);
    if (request.header("Throw")) throw std::runtime_error("in a middleware");
    co_return co_await next(std::move(request));
  });
  server.route("GET", "/way", [](const Request& request) {
    return Response::text(200, request.headers.get_joined("Way"));
  });
  server.start();
  RawSocket socket(server.port());
  const auto response = socket.send("GET /way HTTP/1.1\r\nHost: a\r\n\r\n").receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "outer,inner");
  EXPECT_EQ(response->headers.get_joined("Back"), "inner,outer");
  const auto stopped = socket.send("GET /way HTTP/1.1\r\nHost: a\r\nStop: 1\r\n\r\n").receive();
  ASSERT_TRUE(stopped);
  EXPECT_EQ(stopped->status, 401);
  EXPECT_EQ(stopped->body, "/way");
  const auto failed = socket.send("GET /no HTTP/1.1\r\nHost: a\r\nThrow: 1\r\n\r\n").receive();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->status, 500);
}

TEST(ServerSetUp, NamesHostAndPortThatItCannotBind) {
  Server first;
  first.start();
  Server second({.port = first.port()});
  try {
    second.start();
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(first.port())));
  }
  EXPECT_EQ(second.port(), 0);
}

TEST(ServerSetUp, RefusesOptionsOutOfRange) {
  const ServerOptions bad[] = {{.threads = 0},
                               {.max_header_bytes = 10},
                               {.max_connections = 0},
                               {.idle_timeout = std::chrono::milliseconds(0)},
                               {.header_timeout = std::chrono::milliseconds(-1)},
                               {.request_timeout = std::chrono::milliseconds(0)},
                               {.write_timeout = std::chrono::milliseconds(0)},
                               {.stop_timeout = std::chrono::milliseconds(-1)}};
  for (const ServerOptions& options : bad) EXPECT_THROW(Server server(options), Error);
  Server unknown_host({.host = "a..b"});
  EXPECT_THROW(unknown_host.start(), Error);
}

TEST(ServerSetUp, IsOverOnceItIsStarted) {
  Server server;
  EXPECT_EQ(server.port(), 0);
  server.start();
  EXPECT_NE(server.port(), 0);
  EXPECT_THROW(server.start(), Error);
  EXPECT_THROW(server.route("GET", "/", [](const Request&) { return Response{}; }), Error);
  EXPECT_THROW(server.use([](Request request, Next next) { return next(std::move(request)); }),
               Error);
}

}  // namespace
}  // namespace waybill::http
