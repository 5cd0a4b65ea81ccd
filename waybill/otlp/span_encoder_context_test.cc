// What a span says of the context that it began in.
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include <waybill/otlp/internal/span_request.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::attributes_of;
using test::encoded;
using test::SampleSpan;
using test::spans_of;
using test::text;

TEST(SpanEncoderContext, FieldsOfTheContextAreAttributes) {
  SampleSpan span{.trace_name = "batch-7",
                  .fields = {{"job_id", "J-1"},
                             {"attempt", -3},
                             {"bytes", 7U},
                             {"huge", std::numeric_limits<std::uint64_t>::max()},
                             {"ratio", 0.5},
                             {"cached", true},
                             {"", "no key"}}};
  span.attribute("own", "value");
  EXPECT_EQ(attributes_of(encoded(span)), json({{"waybill.trace_name", text("batch-7")},
                                                {"job_id", text("J-1")},
                                                {"attempt", {{"intValue", "-3"}}},
                                                {"bytes", {{"intValue", "7"}}},
                                                {"huge", text("18446744073709551615")},
                                                {"ratio", {{"doubleValue", 0.5}}},
                                                {"cached", {{"boolValue", true}}},
                                                {"own", text("value")}}));
}

TEST(SpanEncoderContext, ASpansOwnAttributeCountsMoreThanTheContexts) {
  SampleSpan span{.trace_name = "batch-7", .fields = {{"a", 1}, {"job_id", "context"}, {"z", 2}}};
  // Attributes that are long, and behind other fields, are seen, too.
  span.attribute("padding", std::string(500, 'x')).event("e").attribute("job_id", "own");
  const json attributes = attributes_of(encoded(span));
  EXPECT_EQ(attributes.at("job_id"), text("own"));
  EXPECT_EQ(attributes.at("a"), json({{"intValue", "1"}}));
  EXPECT_EQ(attributes.at("z"), json({{"intValue", "2"}}));
  for (const std::size_t size : {100, 128, 200, 1'290, 20'000}) {
    SampleSpan padded{.fields = {{"job_id", "context"}}};
    padded.attribute("padding", std::string(size, 'x')).attribute("job_id", "own");
    EXPECT_EQ(attributes_of(encoded(padded)).at("job_id"), text("own")) << size;
  }
  span.attribute("waybill.trace_name", "mine");
  EXPECT_EQ(attributes_of(encoded(span)).at("waybill.trace_name"), text("mine"));
}

TEST(SpanEncoderContext, WhatOneSpanHasItselfTheNextHasOfTheContext) {
  const SampleSpan neither{.fields = {{"a", "context"}, {"b", "context"}}};
  const SampleSpan spans[] = {SampleSpan(neither).attribute("a", "own"), neither,
                              SampleSpan(neither).attribute("b", "own"), neither,
                              SampleSpan(neither).attribute("a", "own")};
  const std::pair<const char*, const char*> expected[] = {{"own", "context"},
                                                          {"context", "context"},
                                                          {"context", "own"},
                                                          {"context", "context"},
                                                          {"own", "context"}};
  SpanEncoder encoder;
  for (const SampleSpan& span : spans) ASSERT_TRUE(encoder.add(span.ended()));
  const json written = spans_of(encoder);
  for (std::size_t i = 0; i < std::size(spans); ++i) {
    const json& it = written.at(i);
    EXPECT_EQ(attributes_of(it),
              json({{"a", text(expected[i].first)}, {"b", text(expected[i].second)}}));
  }
}

TEST(SpanEncoderContext, TheTracesNameCountsMoreThanAFieldThatIsCalledSo) {
  EXPECT_EQ(attributes_of(encoded(
                {.trace_name = "batch-7", .fields = {{"waybill.trace_name", "field"}, {"b", 1}}})),
            json({{"waybill.trace_name", text("batch-7")}, {"b", {{"intValue", "1"}}}}));
  EXPECT_EQ(attributes_of(encoded({.fields = {{"waybill.trace_name", "field"}}})),
            json({{"waybill.trace_name", text("field")}}));
}

// Whatever is kept of a context from one span to the next must be that context's.
TEST(SpanEncoderContext, SeesThatAContextIsAnotherInTheSamePlace) {
  std::string job = "J-1";
  std::string key = "job_id";
  SampleSpan span{.trace_name = "name-1", .fields = {{key, job}, {"attempt", 1}}};
  SpanEncoder encoder;
  const auto add = [&] { ASSERT_TRUE(encoder.add(span.ended())); };
  add();
  add();
  job[2] = '2';
  add();
  key[0] = 'l';
  add();
  span.fields[1].value = 2;
  add();
  span.fields[1].value = 2U;
  add();
  span.trace_name[5] = '2';
  add();
  span.trace_name.clear();
  add();
  span.fields.pop_back();
  add();
  std::vector<std::string> seen;
  const json spans_seen = spans_of(encoder);
  for (const json& it : spans_seen) {
    std::string line;
    for (const json& attribute : it.at("attributes")) {
      line += attribute.at("key").get<std::string>() + "=" +
              attribute.at("value").front().get<std::string>() + " ";
    }
    seen.push_back(line);
  }
  EXPECT_THAT(seen, testing::ElementsAre("waybill.trace_name=name-1 job_id=J-1 attempt=1 ",
                                         "waybill.trace_name=name-1 job_id=J-1 attempt=1 ",
                                         "waybill.trace_name=name-1 job_id=J-2 attempt=1 ",
                                         "waybill.trace_name=name-1 lob_id=J-2 attempt=1 ",
                                         "waybill.trace_name=name-1 lob_id=J-2 attempt=2 ",
                                         "waybill.trace_name=name-1 lob_id=J-2 attempt=2 ",
                                         "waybill.trace_name=name-2 lob_id=J-2 attempt=2 ",
                                         "lob_id=J-2 attempt=2 ", "lob_id=J-2 "));
}

}  // namespace
}  // namespace waybill
