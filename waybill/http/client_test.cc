#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/http/client.h>
#include <waybill/http/internal/log_capture.h>
#include <waybill/http/internal/raw_server.h>
#include <waybill/http/server.h>

namespace waybill::http {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using internal::LogCapture;
using internal::RawServer;
using testing::Eq;
using testing::HasSubstr;
using testing::Optional;
using testing::StartsWith;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""h;

class ClientTest : public testing::Test {
 protected:
  ClientTest() {
    server_.route("GET", "/hello", [](const Request& request) {
      Response response = Response::text(200, "hello " + request.query("name").value_or(""));
      response.headers.add("X-Port", std::to_string(request.remote_port));
      return response;
    });
    server_.route("POST", "/echo", [](const Request& request) {
      return Response::text(201, std::string(request.header("X-A").value_or("-")) + request.body);
    });
    server_.route("GET", "/fail", [](const Request&) { return Response::error(500, "broken"); });
    server_.route("GET", "/slow", [](Request) -> awaitable<Response> {
      asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
      co_await timer.async_wait(asio::use_awaitable);
      co_return Response{};
    });
    server_.start();
  }

  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + std::string(path);
  }

  LogCapture log_;
  Server server_{{.stop_timeout = 0ms}};
  Client client_;
};

TEST_F(ClientTest, GetsAndPosts) {
  const ClientResult got = client_.get(url("/hello?name=b"));
  ASSERT_TRUE(got.ok()) << got.message;
  EXPECT_EQ(got.response.status, 200);
  EXPECT_EQ(got.response.body, "hello b");
  EXPECT_THAT(got.response.header("content-type"), Optional(Eq("text/plain; charset=utf-8")));

  const ClientResult posted = client_.post(url("/echo"), "body", {{"X-A", "1"}});
  ASSERT_TRUE(posted.ok()) << posted.message;
  EXPECT_EQ(posted.response.status, 201);
  EXPECT_EQ(posted.response.body, "1body");
  EXPECT_TRUE(client_.post(url("/echo"), "").ok());
}

TEST_F(ClientTest, SendsBodiesOfAnySize) {
  const std::string body(1024 * 1024 - 1, 'x');
  const ClientResult result = client_.post(url("/echo"), body);
  ASSERT_TRUE(result.ok()) << result.message;
  EXPECT_EQ(result.response.body, "-" + body);
}

TEST_F(ClientTest, TakesAnyStatusForAnAnswer) {
  const ClientResult result = client_.get(url("/fail"));
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.response.status, 500);
  EXPECT_EQ(client_.send({.method = "HEAD", .url = url("/hello")}).response.status, 200);
  EXPECT_EQ(client_.send({.method = "PURGE", .url = url("/hello")}).response.status, 405);
}

TEST_F(ClientTest, FindsLocalhostByItsName) {
  const ClientResult result =
      client_.get("http://localhost:" + std::to_string(server_.port()) + "/hello");
  EXPECT_TRUE(result.ok()) << result.message;
}

TEST_F(ClientTest, UsesAConnectionAgain) {
  const ClientResult first = client_.get(url("/hello"));
  const ClientResult second = client_.get(url("/hello"));
  EXPECT_EQ(first.response.header("X-Port"), second.response.header("X-Port"));
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(ClientTest, SurvivesAServerThatWasStartedAnew) {
  ServerOptions options{.stop_timeout = 0ms};
  auto server = std::make_unique<Server>(options);
  server->start();
  options.port = server->port();
  const std::string address = "http://127.0.0.1:" + std::to_string(server->port()) + "/";
  EXPECT_TRUE(client_.post(address, "x").ok());
  server = std::make_unique<Server>(options);
  server->start();
  EXPECT_TRUE(client_.post(address, "x").ok());
}

TEST_F(ClientTest, IsThreadSafe) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        const std::string body = std::to_string(t) + "/" + std::to_string(i);
        if (client_.post(url("/echo"), body).response.body != "-" + body) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(ClientTest, AnswersCoroutinesOnTheirOwnExecutor) {
  asio::io_context io;
  const auto work = [&]() -> awaitable<bool> {
    const std::thread::id before = std::this_thread::get_id();
    const ClientResult got = co_await client_.async_get(url("/hello"));
    const ClientResult posted = co_await client_.async_post(url("/echo"), "b");
    ClientRequest request;
    request.url = "nonsense";
    const ClientResult bad = co_await client_.async_send(std::move(request));
    co_return got.ok() && posted.ok() &&
        bad.error == ClientError::kBadRequest&& std::this_thread::get_id() == before;
  };
  auto result = asio::co_spawn(io, work(), asio::use_future);
  io.run();
  EXPECT_TRUE(result.get());
}

TEST_F(ClientTest, GivesUpAfterItsTimeout) {
  Client client({.timeout = 30ms});
  const ClientResult result = client.get(url("/slow"));
  EXPECT_EQ(result.error, ClientError::kTimeout);
  EXPECT_THAT(result.message, HasSubstr("within 30 ms"));
  ClientRequest request;
  request.url = url("/slow");
  request.timeout = 20ms;
  EXPECT_THAT(client_.send(std::move(request)).message, HasSubstr("within 20 ms"));
}

TEST_F(ClientTest, ReturnsWhatIsWrongWithARequest) {
  EXPECT_EQ(client_.get("https://127.0.0.1/").error, ClientError::kUnsupportedScheme);
  EXPECT_EQ(client_.get("127.0.0.1").error, ClientError::kBadRequest);
  ClientRequest request;
  request.method = "GET / HTTP/1.1\r\nX: y\r\n\r\n";
  request.url = url("/hello");
  EXPECT_EQ(client_.send(std::move(request)).error, ClientError::kBadRequest);
}

TEST(ClientErrors, NameTheHostThatRefusesConnections) {
  std::string url;
  {
    const RawServer gone({});
    url = gone.url();
  }
  Client client;
  const ClientResult result = client.get(url);
  EXPECT_EQ(result.error, ClientError::kConnect);
  EXPECT_THAT(result.message, HasSubstr(url.substr(7, url.size() - 8)));
}

TEST(ClientErrors, TellUnknownHosts) {
  Client client;
  EXPECT_EQ(client.get("http://a..b/").error, ClientError::kResolve);
}

// A socket that listens, and whose queue is full: it answers no connection.
TEST(ClientErrors, TellAHostThatDoesNotAnswer) {
  const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  ::bind(listening, generic, size);
  ::listen(listening, 0);
  ::getsockname(listening, generic, &size);
  std::vector<int> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    ::connect(fillers.back(), generic, size);
  }
  Client client({.connect_timeout = 50ms});
  const ClientResult result =
      client.get("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/");
  EXPECT_EQ(result.error, ClientError::kTimeout);
  EXPECT_THAT(result.message, StartsWith("connecting to 127.0.0.1:"));
  for (const int filler : fillers) ::close(filler);
  ::close(listening);
}

TEST(ClientSetUp, RefusesOptionsOutOfRange) {
  const ClientOptions bad[] = {{.timeout = 0ms},
                               {.connect_timeout = 0ms},
                               {.max_response_bytes = 0},
                               {.max_header_bytes = 0},
                               {.idle_timeout = 0ms}};
  for (const ClientOptions& options : bad) EXPECT_THROW(Client client(options), Error);
}

TEST(ClientErrorCodes, HaveNames) {
  const std::error_code error = ClientError::kTimeout;
  EXPECT_STREQ(error.category().name(), "waybill.http.client");
  EXPECT_EQ(error.message(), "timed out");
  EXPECT_EQ(make_error_code(ClientError::kCancelled).message(), "cancelled");
  EXPECT_EQ(&error.category(), &client_error_category());
}

}  // namespace
}  // namespace waybill::http
