// The spans of a request: the client's, and the server's below it.
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include <waybill/core/core.h>
#include <waybill/http/client.h>
#include <waybill/http/internal/log_capture.h>
#include <waybill/http/server.h>
#include <waybill/trace/internal/tracing_fixture.h>
#include <waybill/trace/samplers.h>
#include <waybill/trace/tracer.h>

namespace waybill::http {
namespace {

class HttpSpansTest : public waybill::internal::TracingTest {
 protected:
  HttpSpansTest() {
    server_.route("GET", "/users/{id}", [](const Request&) {
      const auto inner = waybill::span("look up");
      return Response::text(200, "here");
    });
    server_.route("GET", "/broken",
                  [](const Request&) -> Response { throw std::runtime_error("no"); });
    server_.start();
  }
  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + std::string(path);
  }
  const SpanData* find(const std::vector<SpanData>& spans, std::string_view name, SpanKind kind) {
    for (const SpanData& span : spans) {
      if (span.name == name && span.kind == kind) return &span;
    }
    ADD_FAILURE() << "no span " << name;
    return nullptr;
  }
  static std::int64_t number(const SpanData& span, std::string_view key) {
    const auto* value = span.find(key);
    return value != nullptr ? std::get<std::int64_t>(*value) : -1;
  }

  Server server_{ServerOptions{}};
  Client client_;
};

TEST_F(HttpSpansTest, ServersSpanIsBelowTheClients) {
  const Context job = Context::new_trace({.is_remote = true});
  {
    const Scope scope{job};
    EXPECT_TRUE(client_.get(url("/users/7")).ok());
  }
  const auto spans = ended();
  ASSERT_EQ(spans.size(), 3U);
  const SpanData* client = find(spans, "GET", SpanKind::kClient);
  const SpanData* server = find(spans, "GET /users/{id}", SpanKind::kServer);
  const SpanData* inner = find(spans, "look up", SpanKind::kInternal);
  ASSERT_TRUE(client != nullptr && server != nullptr && inner != nullptr);
  EXPECT_EQ(client->trace_id, job.trace_id());
  EXPECT_EQ(server->trace_id, job.trace_id());
  EXPECT_EQ(client->parent_span_id, job.span_id());
  EXPECT_EQ(server->parent_span_id, client->span_id);
  EXPECT_TRUE(server->has_remote_parent);
  EXPECT_EQ(inner->parent_span_id, server->span_id);
  EXPECT_EQ(number(*client, "http.response.status_code"), 200);
  EXPECT_EQ(number(*client, "server.port"), server_.port());
  EXPECT_EQ(number(*server, "http.response.status_code"), 200);
  EXPECT_EQ(*server->find("http.route"), OwnedAttributeValue("/users/{id}"));
  EXPECT_EQ(server->status, SpanStatus::kUnset);
  EXPECT_EQ(server->scope.name, "waybill.http");
}

TEST_F(HttpSpansTest, AFailureFailsBoth) {
  client_.get(url("/broken"));
  const auto spans = ended();
  const SpanData* client = find(spans, "GET", SpanKind::kClient);
  const SpanData* server = find(spans, "GET /broken", SpanKind::kServer);
  ASSERT_TRUE(client != nullptr && server != nullptr);
  EXPECT_EQ(client->status, SpanStatus::kError);
  EXPECT_EQ(server->status, SpanStatus::kError);
  EXPECT_EQ(*server->find("error.type"), OwnedAttributeValue("500"));
}

TEST_F(HttpSpansTest, NoAnswerFailsTheClients) {
  client_.get("http://127.0.0.1:1/");
  const SpanData span = only();
  EXPECT_EQ(span.status, SpanStatus::kError);
  EXPECT_NE(span.find("error.type"), nullptr);
}

TEST_F(HttpSpansTest, AccessRecordHasTheServersSpanId) {
  const internal::LogCapture log;
  EXPECT_TRUE(client_.get(url("/users/7")).ok());
  const auto spans = ended();
  const SpanData* server = find(spans, "GET /users/{id}", SpanKind::kServer);
  ASSERT_NE(server, nullptr);
  const auto records = log.of("http.access");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].span_id, server->span_id);
}

TEST_F(HttpSpansTest, WhatTheSamplerDropsIsDroppedEverywhere) {
  set_up({.sampler = parent_based_sampler(always_off_sampler())});
  EXPECT_TRUE(client_.get(url("/users/7")).ok());
  EXPECT_TRUE(ended().empty());
}

TEST_F(HttpSpansTest, ACallsDebugRecordStandsUnderItsSpan) {
  const internal::LogCapture log;
  set_log_level("http.client", Level::kDebug);
  EXPECT_TRUE(client_.get(url("/users/7")).ok());
  set_log_level("http.client", Level::kInfo);
  EXPECT_TRUE(client_.get(url("/users/7")).ok());

  const auto records = log.of("http.client");
  ASSERT_EQ(records.size(), 1U);
  const auto spans = ended();
  const SpanData* client = find(spans, "GET", SpanKind::kClient);
  ASSERT_TRUE(client != nullptr);
  EXPECT_EQ(records[0].span_id, client->span_id);
  EXPECT_EQ(records[0].level, Level::kDebug);
  EXPECT_EQ(records[0].message, "GET " + url("/users/7") + " -> 200");
  EXPECT_EQ(records[0].fields.at("http.response.status_code"), "200");
  EXPECT_TRUE(records[0].fields.contains("duration_ms"));
}

TEST_F(HttpSpansTest, ACallThatFailsIsRecordedWithItsReason) {
  const internal::LogCapture log;
  set_log_level("http.client", Level::kDebug);
  const ClientResult result = client_.get("http://127.0.0.1:1/");
  set_log_level("http.client", Level::kInfo);
  const auto records = log.of("http.client");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].message, "GET http://127.0.0.1:1/ -> " + result.message);
  EXPECT_EQ(records[0].fields.at("error.type"), result.error.message());
}

}  // namespace
}  // namespace waybill::http
