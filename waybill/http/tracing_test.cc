#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
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
#include <waybill/http/tracing.h>
#include <waybill/propagation/propagation.h>

namespace waybill::http {
namespace {

using boost::asio::awaitable;
using internal::CapturedRecord;
using internal::LogCapture;
using internal::RawSocket;
using testing::AllOf;
using testing::Contains;
using testing::Eq;
using testing::Key;
using testing::Not;
using testing::Optional;
using testing::Pair;

constexpr const char* kTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr const char* kTraceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

// "<trace id> <span id> <parent span id> <trace name> <baggage>"
std::string ambient() {
  const Context& context = Context::current();
  const auto text = [](std::string_view view) { return std::string(view); };
  return context.trace_id().to_hex() + " " + context.span_id().to_hex() + " " +
         context.parent_span_id().to_hex() + " " + text(context.trace_name()) + " " +
         text(context.baggage());
}

awaitable<Response> never(Request) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                  boost::asio::steady_timer::time_point::max());
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_return Response{};
}

class TracingTest : public testing::Test {
 protected:
  void start(ServerOptions options = {}) {
    server_.emplace(options);
    server_->route("GET", "/jobs/{id}",
                   [](const Request&) { return Response::text(200, ambient()); });
    server_->route("GET", "/throw", [](const Request&) -> Response { throw 7; });
    server_->route("GET", "/never", never);
    server_->start();
  }

  Response get(std::string_view headers) {
    return RawSocket(server_->port())
        .send("GET /jobs/7?secret=1 HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n")
        .receive()
        .value_or(Response{0, {}, {}});
  }

  LogCapture log_;
  std::optional<Server> server_;
};

TEST_F(TracingTest, ContinuesTheCallersTrace) {
  start();
  const Response response = get(std::string("traceparent: ") + kTraceparent + "\r\n");
  const std::string span = response.body.substr(33, 16);
  EXPECT_EQ(response.body, std::string(kTraceId) + " " + span + " 00f067aa0ba902b7  ");
  EXPECT_NE(span, "00f067aa0ba902b7");
  EXPECT_THAT(response.header("X-Trace-ID"), Optional(Eq(kTraceId)));
  EXPECT_THAT(response.header("traceresponse"),
              Optional(Eq("00-" + std::string(kTraceId) + "-" + span + "-01")));
}

TEST_F(TracingTest, ContinuesATraceThatHasAName) {
  start();
  const Response response = get("X-Trace-ID: batch-7\r\n");
  EXPECT_EQ(response.body.substr(0, 32), TraceId::from_name("batch-7").to_hex());
  EXPECT_EQ(response.body.substr(67), "batch-7 ");
  EXPECT_THAT(response.header("X-Trace-ID"), Optional(Eq("batch-7")));
}

TEST_F(TracingTest, BeginsATraceWhereThereIsNone) {
  start();
  const Response first = get("");
  const Response second = get("");
  EXPECT_NE(first.body.substr(0, 32), second.body.substr(0, 32));
  EXPECT_THAT(first.header("X-Trace-ID"), Optional(Eq(first.body.substr(0, 32))));
  EXPECT_EQ(first.body.substr(50, 16), "0000000000000000");
}

TEST_F(TracingTest, NeverFailsARequestForItsTraceHeaders) {
  start();
  const std::string huge(9'000, 'a');
  for (const std::string& headers :
       {std::string("traceparent: 00-xyz\r\n"), std::string("traceparent:\r\n"),
        "traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01\r\n" + std::string(),
        std::string("traceparent: ") + kTraceparent + "\r\ntraceparent: " + kTraceparent + "\r\n",
        "X-Trace-ID: " + huge + "\r\n", "tracestate: " + huge + "\r\n", "baggage: " + huge + "\r\n",
        std::string("X-Trace-ID: a b\xff\r\n")}) {
    const Response response = get(headers);
    EXPECT_EQ(response.status, 200) << headers;
    EXPECT_EQ(response.body.size(), 68U) << response.body;
    EXPECT_NE(response.body.substr(0, 32), kTraceId);
  }
}

TEST_F(TracingTest, TakesBaggageFromTrustedClientsOnly) {
  const std::string headers =
      std::string("traceparent: ") + kTraceparent + "\r\nbaggage: account=acme\r\n";
  start();
  EXPECT_EQ(get(headers).body.substr(67), " ");
  start({.tracing_options = {.trusted = true}});
  EXPECT_EQ(get(headers).body.substr(67), " account=acme");
}

TEST_F(TracingTest, ReadsTheFormatsOfItsPropagator) {
  start({.tracing_options = {.propagator = Propagator({.formats = {Format::kB3},
                                                       .trace_id_headers = {"X-Request-ID"}})}});
  const Response response =
      get("b3: 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1\r\n"
          "traceparent: 00-11111111111111111111111111111111-00f067aa0ba902b7-01\r\n");
  EXPECT_EQ(response.body.substr(0, 32), kTraceId);
  EXPECT_THAT(response.header("X-Request-ID"), Optional(Eq(kTraceId)));
  EXPECT_FALSE(response.header("X-Trace-ID"));
  EXPECT_FALSE(response.header("traceresponse"));
}

TEST_F(TracingTest, MakesFieldsOfTrustedBaggage) {
  start({.tracing_options = {.trusted = true}});
  get("baggage: account_id=acme,other=1\r\n");
  const auto records = log_.of("http.access");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_THAT(records[0].fields,
              AllOf(Contains(Pair("account_id", "acme")), Not(Contains(Key("other")))));
}

TEST_F(TracingTest, WritesOneAccessRecordARequest) {
  start();
  const Response response = get(std::string("traceparent: ") + kTraceparent + "\r\n");
  const auto records = log_.of("http.access");
  ASSERT_EQ(records.size(), 1U);
  const CapturedRecord& record = records[0];
  EXPECT_EQ(record.level, Level::kInfo);
  EXPECT_EQ(record.message, "GET /jobs/7 -> 200");
  EXPECT_EQ(record.trace_id.to_hex(), kTraceId);
  EXPECT_EQ(record.span_id.to_hex(), response.body.substr(33, 16));
  EXPECT_EQ(record.parent_span_id.to_hex(), "00f067aa0ba902b7");
  EXPECT_THAT(
      record.fields,
      AllOf(Contains(Pair("http.request.method", "GET")), Contains(Pair("url.path", "/jobs/7")),
            Contains(Pair("http.route", "/jobs/{id}")),
            Contains(Pair("http.response.status_code", "200")),
            Contains(Pair("http.response.body.size", std::to_string(response.body.size()))),
            Contains(Pair("client.address", "127.0.0.1")), Contains(Key("duration_ms"))));
}

TEST_F(TracingTest, RecordsRequestsThatNoRouteMatches) {
  start();
  RawSocket(server_->port()).send("HEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\n").receive(false);
  const auto records = log_.of("http.access");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_THAT(records[0].fields, AllOf(Contains(Pair("http.response.status_code", "404")),
                                       Contains(Pair("http.response.body.size", "0")),
                                       Not(Contains(Key("http.route")))));
}

TEST_F(TracingTest, RecordsARefusedRequestUnderItsTrace) {
  start({.max_body_bytes = 1});
  RawSocket(server_->port())
      .send(std::string("GET /jobs/7 HTTP/1.1\r\nHost: a\r\ntraceparent: ") + kTraceparent +
            "\r\nContent-Length: 2\r\n\r\n")
      .receive();
  const auto records = log_.of("http.access");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].trace_id.to_hex(), kTraceId);
  EXPECT_EQ(records[0].message, "GET /jobs/7 -> 413");
}

TEST_F(TracingTest, CutsALongPathInTheRecord) {
  start();
  RawSocket(server_->port())
      .send("GET /" + std::string(5'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n")
      .receive();
  const auto records = log_.of("http.access");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].fields.at("url.path").size(), kMaxLoggedPath);
}

TEST_F(TracingTest, CanBeLeftOut) {
  start({.tracing = false});
  const Response response = get(std::string("traceparent: ") + kTraceparent + "\r\n");
  EXPECT_EQ(response.body.substr(0, 32), std::string(32, '0'));
  EXPECT_FALSE(response.header("X-Trace-ID"));
  EXPECT_TRUE(log_.of("http.access").empty());
}

TEST(RequestTrace, CanBeUsedByItself) {
  LogCapture log;
  Request request;
  request.method = "GET";
  request.path = "/x";
  request.headers.add("traceparent", kTraceparent);
  RequestTrace trace(request);
  EXPECT_EQ(trace.context().trace_id().to_hex(), kTraceId);
  Response response = Response::text(202, "abc");
  trace.finish(response);
  EXPECT_THAT(response.header("X-Trace-ID"), Optional(Eq(kTraceId)));
  EXPECT_EQ(log.of("http.access").size(), 1U);
}

// The ambient trace id before and after each of several waits on a timer.
awaitable<Response> ids_between_waits(Request request) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  std::string ids = ambient();
  for (int i = 0; i < 5; ++i) {
    timer.expires_after(std::chrono::microseconds(request.body.size() * 37 % 500));
    co_await timer.async_wait(boost::asio::use_awaitable);
    ids += "\n" + ambient();
  }
  co_return Response::text(200, ids);
}

// How many of these requests, pipelined on one connection, saw any other context than their own.
int wrong_answers(std::uint16_t port, int requests) {
  RawSocket socket(port);
  std::vector<TraceId> sent;
  for (int i = 0; i < requests; ++i) {
    sent.push_back(TraceId::random());
    const std::string body(static_cast<std::size_t>(i), 'x');
    socket.send("POST /ids HTTP/1.1\r\nHost: a\r\nX-Trace-ID: " + sent.back().to_hex() +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  int wrong = 0;
  for (const TraceId& id : sent) {
    const auto response = socket.receive();
    if (!response) return requests;
    const std::string first = response->body.substr(0, response->body.find('\n'));
    std::string expected = first;
    for (int i = 0; i < 5; ++i) expected += "\n" + first;
    if (response->body != expected || first.substr(0, 32) != id.to_hex()) ++wrong;
  }
  return wrong;
}

TEST(Tracing, KeepsTheContextsOfInterleavedRequestsApart) {
  constexpr int kClients = 32;
  constexpr int kRequests = 25;
  LogCapture log;
  Server server({.threads = 4});
  server.route("POST", "/ids", ids_between_waits);
  server.start();
  std::atomic<int> wrong{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] { wrong += wrong_answers(server.port(), kRequests); });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(wrong, 0);

  std::set<TraceId> recorded;
  for (const CapturedRecord& record : log.of("http.access")) recorded.insert(record.trace_id);
  EXPECT_EQ(recorded.size(), static_cast<std::size_t>(kClients * kRequests));
}

TEST(Tracing, LeavesNoContextBehindOnTheServersThreads) {
  LogCapture log;
  Server server({.threads = 1});
  std::atomic<bool> empty_outside{false};
  server.route("GET", "/", [&](Request) -> awaitable<Response> {
    const auto executor = co_await boost::asio::this_coro::executor;
    auto& io = static_cast<boost::asio::io_context&>(
        boost::asio::query(executor, boost::asio::execution::context));
    boost::asio::steady_timer timer(executor, std::chrono::hours(1));
    {
      const Scope nothing{Context()};  // with handler tracking, what is posted inherits
      boost::asio::post(io, [&] {
        empty_outside = Context::current().empty();
        timer.cancel();
      });
    }
    boost::system::error_code ignored;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    co_return Response::text(200, ambient());
  });
  server.start();
  const auto response =
      RawSocket(server.port()).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receive();
  ASSERT_TRUE(response);
  EXPECT_TRUE(empty_outside);
  EXPECT_NE(response->body.substr(0, 32), std::string(32, '0'));
}

TEST_F(TracingTest, TheServersOwnAnswersNameTheTraceAsTheHeaderSpellsIt) {
  const TracingOptions in_uuids{.propagator = Propagator({.spelling = TraceIdSpelling::kUuid})};
  const auto expect_refusal = [&](int status, const std::string& request) {
    const auto response = RawSocket(server_->port()).send(request + "\r\n\r\n").receive();
    ASSERT_TRUE(response) << request;
    EXPECT_EQ(response->status, status) << request;
    const std::string id(response->header("X-Trace-ID").value_or("none"));
    EXPECT_TRUE(TraceId::from_uuid(id)) << id;
    EXPECT_THAT(response->body, testing::EndsWith(", \"trace_id\": \"" + id + "\"}"));
  };
  start({.tracing_options = in_uuids});
  expect_refusal(400, "GET / HTTP/1.1");
  expect_refusal(404, "GET /nowhere HTTP/1.1\r\nHost: a");
  expect_refusal(405, "PUT /jobs/7 HTTP/1.1\r\nHost: a");
  expect_refusal(500, "GET /throw HTTP/1.1\r\nHost: a");
  start({.request_timeout = std::chrono::milliseconds(50), .tracing_options = in_uuids});
  expect_refusal(503, "GET /never HTTP/1.1\r\nHost: a");
}

}  // namespace
}  // namespace waybill::http
