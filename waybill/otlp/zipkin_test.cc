#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/otlp/internal/sample_span.h>
#include <waybill/otlp/zipkin.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::SampleSpan;
using namespace std::chrono_literals;

json encoded(const SampleSpan& span) {
  ZipkinEncoder encoder;
  EXPECT_TRUE(encoder.add(span.ended()));
  WireBuffer request;
  encoder.take(request);
  return json::parse(request.view()).at(0);
}

TEST(Zipkin, WritesASpan) {
  SampleSpan span{.parent = test::parent_id(), .kind = SpanKind::kServer};
  span.attribute("zip", "98101").event("retry");
  EXPECT_EQ(
      encoded(span),
      json({{"traceId", "4bf92f3577b34da6a3ce929d0e0e4736"},
            {"id", "00f067aa0ba902b7"},
            {"parentId", "b7ad6b7169203331"},
            {"name", "operation"},
            {"kind", "SERVER"},
            {"timestamp", 1'795'219'081'000'042},
            {"duration", 1},
            {"localEndpoint", {{"serviceName", "fetcher"}}},
            {"annotations", {{{"timestamp", 1'795'219'081'000'043}, {"value", "retry"}}}},
            {"tags",
             {{"zip", "98101"}, {"otel.scope.name", "lib"}, {"otel.scope.version", "1.2"}}}}));
}

TEST(Zipkin, LeavesOutWhatASpanDoesNotHave) {
  SampleSpan span;
  span.scope = {};
  span.resource = {};
  EXPECT_EQ(encoded(span), json({{"traceId", "4bf92f3577b34da6a3ce929d0e0e4736"},
                                 {"id", "00f067aa0ba902b7"},
                                 {"name", "operation"},
                                 {"timestamp", 1'795'219'081'000'042},
                                 {"duration", 1},
                                 {"localEndpoint", {{"serviceName", "unknown_service"}}},
                                 {"tags", json::object()}}));
}

TEST(Zipkin, CountsInWholeMicroseconds) {
  const std::pair<std::chrono::nanoseconds, int> durations[] = {
      {-5us, 1}, {0ns, 1}, {999ns, 1}, {1234ns, 1}, {1999ns, 1}, {2ms, 2000}};
  for (const auto& [duration, expected] : durations) {
    EXPECT_EQ(encoded({.duration = duration}).at("duration"), expected) << duration.count();
  }
}

TEST(Zipkin, KnowsTheKinds) {
  EXPECT_FALSE(encoded({.kind = SpanKind::kInternal}).contains("kind"));
  EXPECT_EQ(encoded({.kind = SpanKind::kServer}).at("kind"), "SERVER");
  EXPECT_EQ(encoded({.kind = SpanKind::kClient}).at("kind"), "CLIENT");
  EXPECT_EQ(encoded({.kind = SpanKind::kProducer}).at("kind"), "PRODUCER");
  EXPECT_EQ(encoded({.kind = SpanKind::kConsumer}).at("kind"), "CONSUMER");
}

TEST(Zipkin, TagsAreTexts) {
  SampleSpan span{.trace_name = "batch-7", .fields = {{"job_id", 42}, {"b", "context"}}};
  span.attribute("b", true).attribute("i", -1).attribute("d", 0.5);
  span.attribute("nan", std::numeric_limits<double>::quiet_NaN());
  span.attribute("list", std::vector<std::string>{"a", "\"b\""});
  span.attribute("numbers", std::vector<std::int64_t>{1, 2});
  span.dropped(10, 1).dropped(12, 2).dropped(14, 3);
  EXPECT_EQ(encoded(span).at("tags"), json({{"job_id", "42"},
                                            {"b", "true"},
                                            {"i", "-1"},
                                            {"d", "0.5"},
                                            {"nan", "NaN"},
                                            {"list", "[\"a\",\"\\\"b\\\"\"]"},
                                            {"numbers", "[1,2]"},
                                            {"waybill.trace_name", "batch-7"},
                                            {"otel.scope.name", "lib"},
                                            {"otel.scope.version", "1.2"},
                                            {"otel.dropped_attributes_count", "1"},
                                            {"otel.dropped_events_count", "2"},
                                            {"otel.dropped_links_count", "3"}}));
}

TEST(Zipkin, AnErrorIsATag) {
  const auto tags = [](SpanStatus status, const char* message) {
    SampleSpan span;
    span.ends_with(status, message);
    json it = encoded(span).at("tags");
    it.erase("otel.scope.name");
    it.erase("otel.scope.version");
    return it;
  };
  EXPECT_EQ(tags(SpanStatus::kError, "no route"),
            json({{"otel.status_code", "ERROR"}, {"error", "no route"}}));
  EXPECT_EQ(tags(SpanStatus::kError, ""), json({{"otel.status_code", "ERROR"}, {"error", ""}}));
  EXPECT_EQ(tags(SpanStatus::kOk, ""), json({{"otel.status_code", "OK"}}));
  EXPECT_EQ(tags(SpanStatus::kUnset, ""), json::object());
}

TEST(Zipkin, AnAttributeDoesNotMakeAnErrorOfASpanThatIsNone) {
  EXPECT_FALSE(encoded(SampleSpan{}.attribute("error", false)).at("tags").contains("error"));
  EXPECT_FALSE(encoded(SampleSpan{}.attribute("error", "false")).at("tags").contains("error"));
  EXPECT_EQ(encoded(SampleSpan{}.attribute("error", "disk")).at("tags").at("error"), "disk");
}

// nlohmann-json would keep the last of two members: the text itself must have it once.
TEST(Zipkin, EachTagIsThereOnce) {
  SampleSpan span;
  for (const char* key : {"error", "otel.status_code", "otel.scope.name", "otel.scope.version",
                          "otel.dropped_links_count"}) {
    span.attribute(key, "mine");
  }
  span.ends_with(SpanStatus::kError, "no route").dropped(14, 1);
  std::string text;
  append_zipkin_json(text, to_span_data(span.ended()));
  EXPECT_EQ(text.find("mine"), std::string::npos) << text;
}

TEST(Zipkin, EventsHaveTheirAttributesInTheirNames) {
  SampleSpan span;
  span.event("cache miss", {{"key", "a\"b"}, {"size", 3}, {"hot", false}});
  EXPECT_EQ(encoded(span).at("annotations").at(0).at("value"),
            R"("cache miss": {"key":"a\"b","size":3,"hot":false})");
}

struct RemoteCase {
  std::vector<Attribute> attributes;
  json expected;
};

TEST(Zipkin, NamesWhomAClientTalksTo) {
  const RemoteCase cases[] = {
      {{{"db.name", "orders"}, {"server.address", "db.example"}, {"peer.service", "db"}},
       {{"serviceName", "db"}}},
      {{{"db.name", "orders"}, {"server.address", "db.example"}}, {{"serviceName", "db.example"}}},
      {{{"db.name", "orders"}}, {{"serviceName", "orders"}}},
      {{{"network.peer.address", "10.1.2.3"}, {"network.peer.port", 5432}},
       {{"ipv4", "10.1.2.3"}, {"port", 5432}}},
      {{{"network.peer.address", "2001:db8::1"}}, {{"ipv6", "2001:db8::1"}}},
      {{{"network.peer.address", "/tmp/socket"}, {"network.peer.port", 70'000}},
       {{"serviceName", "/tmp/socket"}}},
      {{{"network.peer.address", "10.1.2.3"}, {"net.peer.name", "first"}},
       {{"serviceName", "first"}}},
      {{{"peer.service", 7}, {"peer.address", "x"}}, {{"serviceName", "x"}}},
  };
  for (const RemoteCase& it : cases) {
    for (const SpanKind kind : {SpanKind::kClient, SpanKind::kProducer, SpanKind::kServer}) {
      SampleSpan span{.kind = kind};
      for (const Attribute& attribute : it.attributes) {
        span.attribute(attribute.key, attribute.value);
      }
      const json written = encoded(span);
      if (kind == SpanKind::kServer) {
        EXPECT_FALSE(written.contains("remoteEndpoint"));
      } else {
        EXPECT_EQ(written.value("remoteEndpoint", json()), it.expected);
      }
    }
  }
  EXPECT_FALSE(encoded({.kind = SpanKind::kClient}).contains("remoteEndpoint"));
}

TEST(Zipkin, ARequestIsAnArray) {
  ZipkinEncoder encoder;
  WireBuffer request;
  encoder.take(request);
  EXPECT_EQ(request.view(), "[]");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(encoder.add(SampleSpan{}.ended()));
  EXPECT_EQ(encoder.count(), 3U);
  EXPECT_GT(encoder.size(), 300U);
  encoder.take(request);
  EXPECT_EQ(json::parse(request.view()).size(), 3U);
  EXPECT_EQ(encoder.count(), 0U);
  ASSERT_TRUE(encoder.add(SampleSpan{.name = "\xff"}.ended()));
  encoder.take(request);
  EXPECT_EQ(json::parse(request.view()).at(0).at("name"), "\xef\xbf\xbd");
}

}  // namespace
}  // namespace waybill
