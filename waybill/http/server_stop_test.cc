// How a Server stops.
#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/scope.h>
#include <waybill/http/internal/log_capture.h>
#include <waybill/http/internal/raw_socket.h>
#include <waybill/http/server.h>

namespace waybill::http {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using internal::LogCapture;
using internal::RawSocket;
using testing::Eq;
using testing::Optional;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""h;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(ServerStop, ClosesIdleConnectionsAndRefusesNewOnes) {
  LogCapture log;
  Server server({.idle_timeout = 1h, .stop_timeout = 1h});
  server.route("GET", "/", [](const Request&) { return Response::text(200, "ok"); });
  server.start();
  const std::uint16_t port = server.port();
  RawSocket unused(port);
  RawSocket used(port);
  ASSERT_TRUE(used.send(kGet).receive());
  server.stop();
  EXPECT_TRUE(used.closed());
  EXPECT_TRUE(unused.closed());
  EXPECT_FALSE(RawSocket(port).connected());
  EXPECT_EQ(server.connections(), 0U);
}

TEST(ServerStop, LetsARunningRequestFinish) {
  LogCapture log;
  std::promise<void> entered;
  std::promise<void> go_on;
  Server server({.stop_timeout = 1h});
  server.route("GET", "/", [&](const Request&) {
    entered.set_value();
    go_on.get_future().wait();
    return Response::text(200, "finished");
  });
  server.start();
  RawSocket socket(server.port());
  socket.send(kGet);
  entered.get_future().wait();
  std::thread stopping([&] { server.stop(); });
  while (RawSocket(server.port()).connected()) std::this_thread::yield();
  go_on.set_value();
  const auto response = socket.receive();
  stopping.join();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "finished");
  EXPECT_TRUE(socket.closed());
}

TEST(ServerStop, CancelsWhatDoesNotFinishInTime) {
  LogCapture log;
  std::promise<void> entered;
  std::promise<bool> cancelled;
  Server server({.request_timeout = 1h, .stop_timeout = 10ms});
  server.route("GET", "/", [&](Request) -> awaitable<Response> {
    asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
    boost::system::error_code error;
    entered.set_value();
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    cancelled.set_value(error == asio::error::operation_aborted);
    co_return Response{};
  });
  server.start();
  RawSocket socket(server.port());
  socket.send(kGet);
  entered.get_future().wait();
  server.stop();
  EXPECT_TRUE(cancelled.get_future().get());
  EXPECT_TRUE(socket.closed());
  const auto records = log.of("http.access");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].fields.at("http.response.status_code"), "503");
}

TEST(ServerStop, GivesUpHandlersThatCannotBeCancelled) {
  LogCapture log;
  const Context mine = Context::new_trace();
  const Scope scope{mine};
  {
    std::promise<void> entered;
    Server server({.request_timeout = 1h, .stop_timeout = 10ms});
    server.route("GET", "/", [&](Request) -> awaitable<Response> {
      const Scope opened{Context::current().with({{"job_id", "J-1"}})};
      co_await asio::this_coro::throw_if_cancelled(false);
      asio::steady_timer timer(co_await asio::this_coro::executor);
      boost::system::error_code ignored;
      entered.set_value();
      while (true) {
        timer.expires_after(1h);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      }
    });
    server.start();
    RawSocket socket(server.port());
    socket.send(kGet);
    entered.get_future().wait();
    server.stop();
    EXPECT_TRUE(socket.closed());
  }
  EXPECT_TRUE(Context::current() == mine);
}

TEST(ServerStop, CanBeCalledAgainAndFromSeveralThreads) {
  LogCapture log;
  Server server;
  server.stop();
  server.start();
  std::thread other([&] { server.stop(); });
  server.stop();
  other.join();
  server.stop();
}

TEST(ServerStop, CanBeBegunByAHandler) {
  LogCapture log;
  Server server;
  server.route("GET", "/", [&](const Request&) {
    server.stop();
    return Response::text(200, "bye");
  });
  server.start();
  RawSocket socket(server.port());
  const auto response = socket.send(kGet).receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "bye");
  while (RawSocket(server.port()).connected()) std::this_thread::yield();
}

TEST(ServerStop, IsDoneByTheDestructor) {
  LogCapture log;
  std::uint16_t port = 0;
  {
    Server server;
    server.start();
    port = server.port();
    EXPECT_TRUE(RawSocket(port).connected());
  }
  EXPECT_FALSE(RawSocket(port).connected());
}

}  // namespace
}  // namespace waybill::http
