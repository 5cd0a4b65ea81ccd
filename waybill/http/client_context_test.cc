// What a Client tells of the caller's context, and that the caller keeps it.
#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/scope.h>
#include <waybill/http/client.h>
#include <waybill/http/internal/log_capture.h>
#include <waybill/http/server.h>
#include <waybill/log/log.h>

namespace waybill::http {
namespace {

using boost::asio::awaitable;
using internal::LogCapture;
using testing::Eq;
using testing::Optional;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""h;

std::string address_of(const Server& server) {
  return "http://127.0.0.1:" + std::to_string(server.port());
}

// Answers with the headers in which a context arrives.
class ClientContext : public testing::Test {
 protected:
  ClientContext() {
    server_.route("GET", "/", [](const Request& request) {
      Response response;
      for (const char* name : {"traceparent", "tracestate", "baggage", "X-Trace-ID", "b3"}) {
        if (const auto value = request.header(name)) {
          response.headers.add("Got-" + std::string(name), *value);
        }
      }
      return response;
    });
    server_.start();
  }

  LogCapture log_;
  Server server_;
};

TEST_F(ClientContext, GoesAlongWithItsOwnSpanAsTheParent) {
  const Context mine = Context::new_trace({.name = "batch-7", .tracestate = "a=1"});
  const Scope scope{mine};
  Client client;
  const ClientResult result = client.get(address_of(server_), {{"traceparent", "stale"}});
  ASSERT_TRUE(result.ok()) << result.message;
  EXPECT_THAT(result.response.header("Got-traceparent"),
              Optional(Eq("00-" + mine.trace_id().to_hex() + "-" + mine.span_id().to_hex() + "-" +
                          mine.flags().to_hex())));
  EXPECT_THAT(result.response.header("Got-tracestate"), Optional(Eq("a=1")));
  EXPECT_THAT(result.response.header("Got-X-Trace-ID"), Optional(Eq("batch-7")));

  const auto records = log_.of("http.access");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].trace_id, mine.trace_id());
  EXPECT_EQ(records[0].parent_span_id, mine.span_id());
}

TEST_F(ClientContext, IsNotMadeUpWhereThereIsNone) {
  Client client;
  const ClientResult result = client.get(address_of(server_));
  ASSERT_TRUE(result.ok()) << result.message;
  EXPECT_FALSE(result.response.header("Got-traceparent"));
  EXPECT_FALSE(result.response.header("Got-X-Trace-ID"));
}

TEST_F(ClientContext, ShowsBaggageToTrustedHostsOnly) {
  const Scope scope{Context::new_trace({.baggage = "account=acme"})};
  const std::string host_and_port = address_of(server_).substr(7);
  const std::pair<ClientOptions, bool> cases[] = {
      {{}, false},
      {{.trusted_hosts = {"other", "127.0.0.1:1", "127.0.0"}}, false},
      {{.trusted = true}, true},
      {{.trusted_hosts = {"127.0.0.1"}}, true},
      {{.trusted_hosts = {"other", host_and_port}}, true}};
  for (const auto& [options, sent] : cases) {
    Client client(options);
    const ClientResult result = client.get(address_of(server_));
    ASSERT_TRUE(result.ok()) << result.message;
    EXPECT_EQ(result.response.header("Got-baggage").value_or(""), sent ? "account=acme" : "");
  }
}

TEST_F(ClientContext, IsWrittenInTheFormatsOfTheClientsPropagator) {
  const Scope scope{Context::new_trace()};
  Client client({.propagator = Propagator({.formats = {Format::kB3}})});
  const ClientResult result = client.get(address_of(server_));
  ASSERT_TRUE(result.ok()) << result.message;
  EXPECT_THAT(result.response.header("Got-b3"),
              Optional(Eq(Context::current().trace_id().to_hex() + "-" +
                          Context::current().span_id().to_hex() + "-1")));
  EXPECT_FALSE(result.response.header("Got-traceparent"));
}

TEST_F(ClientContext, IsTheOneOfTheCallNotOfTheAwait) {
  Server front;
  Client client;
  front.route("GET", "/", [&](Request) -> awaitable<Response> {
    auto call = [&] {
      const Scope scope{Context::new_trace({.name = "inner"})};
      return client.async_get(address_of(server_));
    }();
    const ClientResult result = co_await std::move(call);
    co_return result.response;
  });
  front.start();
  const ClientResult result = client.get(address_of(front));
  EXPECT_THAT(result.response.header("Got-X-Trace-ID"), Optional(Eq("inner")));
}

TEST(ClientInAHandler, KeepsTheHandlersContextAndHandsItOn) {
  constexpr int kClients = 16;
  constexpr int kCalls = 12;
  LogCapture log;
  Client client({.max_idle_per_host = 4});
  Server back({.threads = 2});
  back.route("POST", "/", [](const Request& request) {
    return Response::text(200, Context::current().trace_id().to_hex() + request.body);
  });
  back.start();
  Server front({.threads = 3});
  front.route("GET", "/", [&](Request) -> awaitable<Response> {
    const Context mine = Context::current();
    std::string seen = mine.trace_id().to_hex();
    for (int i = 0; i < 3; ++i) {
      const ClientResult result = co_await client.async_post(address_of(back), "");
      if (!result.ok()) co_return Response::error(502, result.message);
      seen += " " + result.response.body;
      if (!(Context::current() == mine)) co_return Response::error(500, "another context");
    }
    co_return Response::text(200, seen);
  });
  front.start();

  std::atomic<int> wrong{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < kClients; ++c) {
    callers.emplace_back([&] {
      for (int i = 0; i < kCalls; ++i) {
        const Scope scope{Context::new_trace()};
        const std::string id = Context::current().trace_id().to_hex();
        const ClientResult result = client.get(address_of(front));
        if (result.response.body != id + " " + id + " " + id + " " + id) ++wrong;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(wrong, 0);
}

// With Asio's own tokens; the call and the log record inside tell of the scope, and what comes
// after it of the request.
TEST(ClientInAHandler, FindsTheScopesThatTheHandlerHoldsOpen) {
  constexpr int kClients = 16;
  constexpr int kCalls = 12;
  LogCapture log;
  Client client({.max_idle_per_host = 4});
  Server back({.threads = 2});
  back.route("GET", "/", [](const Request&) {
    return Response::text(200, Context::current().parent_span_id().to_hex());
  });
  back.start();
  std::atomic<int> wrong{0};
  Server front({.threads = 4});
  front.route("GET", "/", [&](Request) -> awaitable<Response> {
    const Context request = Context::current();
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (int i = 0; i < 3; ++i) {
      const Context step = request.child();
      const Scope scope{step};
      timer.expires_after(1ms);
      co_await timer.async_wait(boost::asio::use_awaitable);
      if (!(Context::current() == step)) ++wrong;
      const ClientResult result = co_await client.async_get(address_of(back));
      if (result.response.body != step.span_id().to_hex()) ++wrong;
      if (!(Context::current() == step)) ++wrong;
      const Scope inner{Context::current().with({{"step", i}})};
      logger("test.step").info("{}", step.span_id().to_hex());
      co_await boost::asio::post(boost::asio::use_awaitable);
      if (Context::current().fields().empty()) ++wrong;
    }
    if (!(Context::current() == request)) ++wrong;
    co_return Response::text(200, request.trace_id().to_hex());
  });
  front.start();

  std::vector<std::thread> callers;
  for (int c = 0; c < kClients; ++c) {
    callers.emplace_back([&] {
      for (int i = 0; i < kCalls; ++i) {
        const Scope scope{Context::new_trace()};
        const ClientResult result = client.get(address_of(front));
        if (result.response.body != Context::current().trace_id().to_hex()) ++wrong;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(wrong, 0);
  const auto steps = log.of("test.step");
  EXPECT_EQ(steps.size(), std::size_t{3 * kClients * kCalls});
  for (const auto& record : steps) EXPECT_EQ(record.message, record.span_id.to_hex());
}

TEST(ClientInAHandler, IsCancelledWithIt) {
  LogCapture log;
  Client client;
  std::promise<ClientResult> outcome;
  Server back({.stop_timeout = 0ms});
  back.route("GET", "/", [](Request) -> awaitable<Response> {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return Response{};
  });
  back.start();
  Server front({.request_timeout = 30ms});
  front.route("GET", "/", [&](Request) -> awaitable<Response> {
    outcome.set_value(co_await client.async_get(address_of(back)));
    co_return Response{};
  });
  front.start();
  EXPECT_EQ(client.get(address_of(front)).response.status, 503);
  EXPECT_EQ(outcome.get_future().get().error, ClientError::kCancelled);
}

}  // namespace
}  // namespace waybill::http
