// Texts of spans, which must be UTF-8 in a request.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <waybill/core/utf8.h>
#include <waybill/otlp/internal/span_request.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::attributes_of;
using test::encoded;
using test::SampleSpan;
using test::text;

TEST(SpanEncoderText, KeepsTextsThatAreUtf8) {
  const std::string utf8 = "Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x98\x80";
  SampleSpan span{.name = utf8, .trace_name = utf8, .fields = {{"f", utf8}}};
  span.attribute(utf8, utf8).event(utf8, {{"k", utf8}}).ends_with(SpanStatus::kError, utf8);
  const json it = encoded(span);
  EXPECT_EQ(it.at("name"), utf8);
  EXPECT_EQ(attributes_of(it).at(utf8), text(utf8));
  EXPECT_EQ(attributes_of(it).at("f"), text(utf8));
  EXPECT_EQ(it.at("events").at(0).at("name"), utf8);
  EXPECT_EQ(it.at("status").at("message"), utf8);
}

// A place for a text in a span, and where it is to be found in JSON.
struct TextPlace {
  const char* name;
  void (*put)(SampleSpan&, const std::string&);
  const char* pointer;  // RFC 6901
};

const TextPlace kTextPlaces[] = {
    {"name", [](SampleSpan& s, const std::string& t) { s.name = t; }, "/name"},
    {"tracestate", [](SampleSpan& s, const std::string& t) { s.tracestate = t; }, "/traceState"},
    {"key", [](SampleSpan& s, const std::string& t) { s.attribute(t, 1); }, "/attributes/0/key"},
    {"value", [](SampleSpan& s, const std::string& t) { s.attribute("k", t); },
     "/attributes/0/value/stringValue"},
    {"element",
     [](SampleSpan& s, const std::string& t) {
       s.attribute("k", std::vector<std::string>{"ok", t});
     },
     "/attributes/0/value/arrayValue/values/1/stringValue"},
    {"event", [](SampleSpan& s, const std::string& t) { s.event(t); }, "/events/0/name"},
    {"event attribute",
     [](SampleSpan& s, const std::string& t) {
       s.event("e", {{"k", t}});
     },
     "/events/0/attributes/0/value/stringValue"},
    {"link state", [](SampleSpan& s, const std::string& t) { s.link(t); }, "/links/0/traceState"},
    {"link attribute",
     [](SampleSpan& s, const std::string& t) {
       s.link("", {{t, 1}});
     },
     "/links/0/attributes/0/key"},
    {"status", [](SampleSpan& s, const std::string& t) { s.ends_with(SpanStatus::kError, t); },
     "/status/message"},
    {"trace name", [](SampleSpan& s, const std::string& t) { s.trace_name = t; },
     "/attributes/0/value/stringValue"},
};

// Whether the whole request is valid does not depend on the JSON's own mending.
bool has_valid_utf8(std::string_view request, const std::string& expected) {
  return request.find(expected) != std::string_view::npos;
}

TEST(SpanEncoderText, MendsTextsThatAreNotUtf8WhereverTheyAre) {
  const std::string broken =
      "a\xff"
      "b\xed\xa0\x80"
      "c\xe2\x82";
  const std::string mended = to_utf8(broken);
  for (const TextPlace& place : kTextPlaces) {
    SCOPED_TRACE(place.name);
    SampleSpan span;
    place.put(span, broken);
    span.dropped(10, 3);
    SpanEncoder encoder;
    ASSERT_TRUE(encoder.add(span.ended()));
    EXPECT_TRUE(has_valid_utf8(encoder.finish(), mended));
    EXPECT_FALSE(has_valid_utf8(encoder.finish(), "a\xff"));
    const json it = encoded(span);
    EXPECT_EQ(it.at(json::json_pointer(place.pointer)), mended);
    EXPECT_EQ(it.at("droppedAttributesCount"), 3) << "what is not a text stays as it is";
  }
}

TEST(SpanEncoderText, MendsTextsOfFieldsResourceAndScope) {
  const std::string broken = "\xff";
  SampleSpan span{.fields = {{broken, broken}}};
  span.resource = {.service_name = broken, .attributes = {{broken, broken}}};
  span.scope = {.name = broken, .version = broken};
  SpanEncoder encoder;
  ASSERT_TRUE(encoder.add(span.ended()));
  EXPECT_EQ(encoder.finish().find(broken), std::string_view::npos);
  const json group = test::request_of(encoder).at("resourceSpans").at(0);
  EXPECT_EQ(attributes_of(group.at("resource")).at("\xef\xbf\xbd"), text("\xef\xbf\xbd"));
  EXPECT_EQ(group.at("scopeSpans").at(0).at("scope"),
            json({{"name", "\xef\xbf\xbd"}, {"version", "\xef\xbf\xbd"}}));
}

RC_GTEST_PROP(SpanEncoderText, TextsAreMendedAsToUtf8Does,
              (const std::string& key, std::string value)) {
  // Bytes of all sorts, as RapidCheck's own texts are ASCII.
  value += *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  SampleSpan span{.name = value};
  span.attribute("k" + key, value).event(value);
  const json it = encoded(span);
  RC_ASSERT(it.at("name") == to_utf8(value));
  RC_ASSERT(it.at("attributes").at(0).at("key") == to_utf8("k" + key));
  RC_ASSERT(it.at("attributes").at(0).at("value") == text(to_utf8(value)));
  RC_ASSERT(it.at("events").at(0).value("name", "") == to_utf8(value));
}

}  // namespace
}  // namespace waybill
