#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <protozero/pbf_reader.hpp>

#include <waybill/otlp/internal/span_request.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::attributes_of;
using test::encoded;
using test::request_of;
using test::SampleSpan;
using test::spans_of;
using test::text;

TEST(SpanEncoder, WritesEveryFieldOfASpan) {
  SampleSpan span{.parent = test::parent_id(),
                  .flags = TraceFlags(3),
                  .has_remote_parent = true,
                  .kind = SpanKind::kServer,
                  .tracestate = "congo=t61,rojo=00f0"};
  span.attribute("zip", 98101).event("retry", {{"attempt", 2}}).link("a=b", {{"why", "batch"}});
  span.ends_with(SpanStatus::kError, "no route");
  EXPECT_EQ(encoded(span),
            json({{"traceId", "4bf92f3577b34da6a3ce929d0e0e4736"},
                  {"spanId", "00f067aa0ba902b7"},
                  {"parentSpanId", "b7ad6b7169203331"},
                  {"traceState", "congo=t61,rojo=00f0"},
                  {"flags", 0x303},
                  {"name", "operation"},
                  {"kind", 2},
                  {"startTimeUnixNano", "1795219081000042000"},
                  {"endTimeUnixNano", "1795219081000043500"},
                  {"attributes", {{{"key", "zip"}, {"value", {{"intValue", "98101"}}}}}},
                  {"events",
                   {{{"timeUnixNano", "1795219081000043500"},
                     {"name", "retry"},
                     {"attributes", {{{"key", "attempt"}, {"value", {{"intValue", "2"}}}}}}}}},
                  {"links",
                   {{{"traceId", "4bf92f3577b34da6a3ce929d0e0e4736"},
                     {"spanId", "b7ad6b7169203331"},
                     {"traceState", "a=b"},
                     {"attributes", {{{"key", "why"}, {"value", text("batch")}}}},
                     {"flags", 0x301}}}},
                  {"status", {{"message", "no route"}, {"code", 2}}}}));
}

// Without the JSON in between, as a receiver does it.
TEST(SpanEncoder, IsProtobuf) {
  SpanEncoder encoder;
  ASSERT_TRUE(encoder.add(SampleSpan{}.attribute("zip", "98101").ended()));
  const std::string_view bytes = encoder.finish();
  protozero::pbf_reader request(bytes.data(), bytes.size());
  ASSERT_TRUE(request.next(1));
  protozero::pbf_reader resource_spans = request.get_message();
  EXPECT_FALSE(request.next());
  ASSERT_TRUE(resource_spans.next(2));
  protozero::pbf_reader scope_spans = resource_spans.get_message();
  ASSERT_TRUE(scope_spans.next(2));
  protozero::pbf_reader span = scope_spans.get_message();
  ASSERT_TRUE(span.next(1));
  EXPECT_EQ(span.get_bytes(), std::string("\x4b\xf9\x2f\x35\x77\xb3\x4d\xa6"
                                          "\xa3\xce\x92\x9d\x0e\x0e\x47\x36"));
  ASSERT_TRUE(span.next(7));
  EXPECT_EQ(span.get_fixed64(), 1'795'219'081'000'042'000U);
  ASSERT_TRUE(span.next(16));
  EXPECT_EQ(span.get_fixed32(), 0x101U);
  ASSERT_TRUE(span.next(5));
  EXPECT_EQ(span.get_string(), "operation");
  ASSERT_TRUE(span.next(9));
  protozero::pbf_reader attribute = span.get_message();
  ASSERT_TRUE(attribute.next(1));
  EXPECT_EQ(attribute.get_string(), "zip");
}

TEST(SpanEncoder, LeavesOutWhatASpanDoesNotHave) {
  const json span = encoded({});
  for (const char* key : {"parentSpanId", "traceState", "attributes", "events", "status"}) {
    EXPECT_FALSE(span.contains(key)) << key;
  }
}

TEST(SpanEncoder, SaysWhetherTheParentIsRemote) {
  EXPECT_EQ(encoded({.has_remote_parent = false}).at("flags"), 0x101);
  EXPECT_EQ(encoded({.has_remote_parent = true}).at("flags"), 0x301);
  EXPECT_EQ(encoded({.flags = TraceFlags(0)}).at("flags"), 0x100);
}

TEST(SpanEncoder, SpansOfOneScopeShareItsMessage) {
  const SampleSpan a{.scope = {"a", "1"}};
  const SampleSpan b{.scope = {"b", ""}};
  SpanEncoder encoder;
  for (const SampleSpan* span : {&a, &a, &b, &a}) ASSERT_TRUE(encoder.add(span->ended()));
  EXPECT_EQ(encoder.count(), 4U);
  const json request = request_of(encoder);
  ASSERT_EQ(request.at("resourceSpans").size(), 1U);
  const json& groups = request.at("resourceSpans").at(0).at("scopeSpans");
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups.at(0).at("scope"), json({{"name", "a"}, {"version", "1"}}));
  EXPECT_EQ(groups.at(0).at("spans").size(), 2U);
  EXPECT_EQ(groups.at(1).at("scope"), json({{"name", "b"}}));
  EXPECT_EQ(groups.at(2).at("spans").size(), 1U);
}

TEST(SpanEncoder, WritesTheResourceOnceAndItsNameFirst) {
  SampleSpan span;
  span.resource.attributes = {{"service.version", "1.4.0"},
                              {"service.name", "other"},
                              {"", "no key"},
                              {"service.version", "again"}};
  SpanEncoder encoder;
  ASSERT_TRUE(encoder.add(span.ended()));
  ASSERT_TRUE(encoder.add(span.ended()));
  const json request = request_of(encoder);
  ASSERT_EQ(request.at("resourceSpans").size(), 1U);
  EXPECT_EQ(request.at("resourceSpans").at(0).at("resource").at("attributes"),
            json({{{"key", "service.name"}, {"value", text("fetcher")}},
                  {{"key", "service.version"}, {"value", text("1.4.0")}}}));
}

TEST(SpanEncoder, SeesThatAResourceOrScopeIsAnotherInTheSamePlace) {
  SampleSpan span;
  SpanEncoder encoder;
  ASSERT_TRUE(encoder.add(span.ended()));
  encoder.end_of_batch();
  ASSERT_TRUE(encoder.add(span.ended()));
  EXPECT_EQ(request_of(encoder).at("resourceSpans").size(), 1U) << "it is still the same";
  encoder.end_of_batch();
  span.resource.service_name = "other";
  ASSERT_TRUE(encoder.add(span.ended()));
  encoder.end_of_batch();
  span.scope.name = "other";
  ASSERT_TRUE(encoder.add(span.ended()));
  const json request = request_of(encoder);
  ASSERT_EQ(request.at("resourceSpans").size(), 2U);
  const json& second = request.at("resourceSpans").at(1);
  EXPECT_EQ(attributes_of(second.at("resource")).at("service.name"), text("other"));
  EXPECT_EQ(second.at("scopeSpans").at(1).at("scope").at("name"), "other");
}

TEST(SpanEncoder, RefusesWhatIsNotProtobuf) {
  SpanEncoder encoder;
  EXPECT_FALSE(encoder.add(SampleSpan{.encoded = "\x4a\xff\x01"}.ended()));
  EXPECT_EQ(encoder.count(), 0U);
  EXPECT_TRUE(encoder.add(SampleSpan{}.ended()));
  EXPECT_EQ(spans_of(encoder).size(), 1U);
}

TEST(SpanEncoder, TakesSpansOfAnySize) {
  for (const std::size_t size :
       {0, 1, 100, 127, 128, 129, 5'400, 5'450, 7'000, 16'384, 3'000'000}) {
    SampleSpan span{.name = std::string(size, 'n'), .fields = {{"f", std::string_view()}}};
    const std::string long_text(size, 'x');
    span.fields[0].value = long_text;
    span.attribute(std::string(size, 'k') + "k", long_text);
    const json it = encoded(span);
    EXPECT_EQ(it.at("name").get<std::string>().size(), size);
    EXPECT_EQ(it.at("attributes").size(), 2U);
  }
}

TEST(SpanEncoder, ARequestThatIsTakenLeavesNothingBehind) {
  SpanEncoder encoder;
  ASSERT_TRUE(encoder.add(SampleSpan{.name = "first"}.ended()));
  WireBuffer request;
  encoder.take(request);
  EXPECT_EQ(encoder.count(), 0U);
  EXPECT_EQ(encoder.size(), 0U);
  EXPECT_NE(request.view().find("first"), std::string_view::npos);
  ASSERT_TRUE(encoder.add(SampleSpan{.name = "second"}.ended()));
  const char* const memory = request.data();
  encoder.take(request);
  EXPECT_EQ(request.view().find("first"), std::string_view::npos);
  const json it = test::json_of(OtlpSignal::kTraces, request.view());
  EXPECT_EQ(it.at("/resourceSpans/0/scopeSpans/0/spans/0/name"_json_pointer), "second");
  EXPECT_EQ(it.at("/resourceSpans/0/resource/attributes"_json_pointer).size(), 1U);
  ASSERT_TRUE(encoder.add(SampleSpan{}.ended()));
  encoder.take(request);
  EXPECT_EQ(request.data(), memory) << "the memory is used again";
}

TEST(SpanEncoder, MoreCanBeAddedToARequestThatIsFinished) {
  SpanEncoder encoder;
  EXPECT_EQ(encoder.finish(), "");
  const SampleSpan span;
  for (std::size_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(encoder.add(span.ended()));
    EXPECT_EQ(spans_of(encoder).size(), i);
  }
  encoder.clear();
  EXPECT_EQ(encoder.finish(), "");
}

}  // namespace
}  // namespace waybill
