#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/propagation/envelope.h>
#include <waybill/propagation/rejections.h>
#include <waybill/propagation/traceparent.h>

namespace waybill {
namespace {

constexpr std::string_view kTraceHex = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view kSpanHex = "00f067aa0ba902b7";
constexpr std::string_view kTraceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Context example_context() {
  return Context::new_trace({.trace_id = TraceId::from_hex(kTraceHex),
                             .span_id = SpanId::from_hex(kSpanHex),
                             .parent_span_id = *SpanId::from_hex("1111111111111111"),
                             .flags = TraceFlags(1)});
}

// The context that `_trace` with these members says.
Context context_of(const std::string& members) {
  const auto envelope = extract_envelope(R"({"_trace":{)" + members + "}}");
  EXPECT_TRUE(envelope) << members;
  return envelope ? envelope->context : Context{};
}

std::string with_fields(const std::string& fields) {
  return R"("fields":{)" + fields + "}";
}

// `context` as whoever gets the message sees it.
Context sent_and_received(const Context& context) {
  return extract_envelope(inject_envelope("{}", context).value())->context;
}

TEST(InjectEnvelope, AddsTheTraceAsTheFirstMember) {
  const std::string trace =
      R"("_trace":{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7",)"
      R"("parent_span_id":"1111111111111111",)"
      R"("traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"})";
  EXPECT_EQ(inject_envelope(R"({"zip":"94107"})", example_context()),
            "{" + trace + R"(,"zip":"94107"})");
  EXPECT_EQ(inject_envelope("{}", example_context()), "{" + trace + "}");
  EXPECT_EQ(inject_envelope("\n{ } ", example_context()), "\n{" + trace + " } ");
}

TEST(InjectEnvelope, AddsWhatElseTheContextHas) {
  const Context context = Context::new_trace({.name = "batch \"7\"",
                                              .span_id = SpanId{},
                                              .tracestate = "a=1",
                                              .baggage = "tenant=acme"})
                              .with({{"job_id", "J\n1"}, {"attempt", 3}});
  EXPECT_EQ(inject_envelope("{}", context), R"({"_trace":{"trace_id":")" +
                                                context.trace_id().to_hex() +
                                                R"(","tracestate":"a=1","baggage":"tenant=acme",)"
                                                R"("fields":{"job_id":"J\n1","attempt":3}}})");
}

TEST(InjectEnvelope, CallsTheTraceByItsName) {
  const Context context = Context::new_trace({.name = "batch-7", .span_id = SpanId{}});
  EXPECT_EQ(inject_envelope("{}", context), R"({"_trace":{"trace_id":"batch-7"}})");
}

TEST(InjectEnvelope, SendsFieldsWithoutATrace) {
  EXPECT_EQ(inject_envelope("{}", Context{}.with({{"a", true}})),
            R"({"_trace":{"fields":{"a":true}}})");
}

TEST(InjectEnvelope, ReplacesATraceThatIsThere) {
  const Context context = Context::new_trace({.name = "new", .span_id = SpanId{}});
  for (const std::string_view payload :
       {R"({"_trace":{"trace_id":"old"},"a":1})", R"({"a":1,"_trace":null})",
        R"({"_trace":0,"a":1,"_trace":[{}]})", R"({"\u005ftrace":0,"a":1})"}) {
    EXPECT_EQ(inject_envelope(payload, context), R"({"_trace":{"trace_id":"new"},"a":1})");
  }
}

TEST(InjectEnvelope, LeavesThePayloadAloneWithNothingToSay) {
  const std::string_view payload = R"({"a":1, "_trace" : {"trace_id":"old"}})";
  EXPECT_EQ(inject_envelope(payload, Context{}), payload);
}

TEST(InjectEnvelope, RefusesWhatIsNoJsonObject) {
  const std::uint64_t before = rejections().envelope_not_json_object;
  for (const std::string_view payload : {"", "[]", "\"a\"", "null", "{", "{}x", R"({"a":tru})"}) {
    EXPECT_FALSE(inject_envelope(payload, example_context())) << payload;
    EXPECT_FALSE(extract_envelope(payload)) << payload;
  }
  EXPECT_EQ(rejections().envelope_not_json_object, before + 14);
}

TEST(InjectEnvelope, LeavesOutFieldsBeyondTheBounds) {
  const std::string long_key(129, 'k');
  const std::string long_value(4097, 'v');
  const std::uint64_t before = rejections().envelope_fields_dropped;
  const Context context = Context{}.with({{std::string_view(long_key), 1},
                                          {std::string_view(long_key).substr(1), 2},
                                          {"long", long_value},
                                          {"fits", std::string_view(long_value).substr(1)}});
  const Context received = sent_and_received(context);
  EXPECT_EQ(received.fields().size(), 2U);
  EXPECT_NE(received.fields().find(long_key.substr(1)), nullptr);
  EXPECT_NE(received.fields().find("fits"), nullptr);
  EXPECT_EQ(rejections().envelope_fields_dropped, before + 2);
}

TEST(InjectEnvelope, LeavesOutFieldsAboveTheirNumber) {
  Context context;
  for (int i = 0; i < 70; ++i) {
    const std::string key = "k" + std::to_string(i);
    context = context.with({{key, i}});
  }
  const std::uint64_t before = rejections().envelope_fields_dropped;
  const Context received = sent_and_received(context);
  EXPECT_EQ(received.fields().size(), 64U);
  EXPECT_EQ(received.fields()[63].key, "k63");
  EXPECT_EQ(rejections().envelope_fields_dropped, before + 6);
}

TEST(ExtractEnvelope, TellsThatTheTraceIsFromElsewhere) {
  const Context sender = Context::new_trace();
  EXPECT_FALSE(sender.is_remote());
  EXPECT_TRUE(extract_envelope(inject_envelope("{}", sender).value())->context.is_remote());
}

TEST(ExtractEnvelope, TakesTheTraceOutOfThePayload) {
  const struct {
    std::string_view json;
    std::string_view payload;
  } cases[] = {
      {R"({"_trace":{}})", "{}"},
      {R"( { "_trace" : {} } )", " {  } "},
      {R"({"_trace":{},"a":1})", R"({"a":1})"},
      {R"({ "_trace":{} , "a":1 })", R"({  "a":1 })"},
      {R"({"a":1,"_trace":{}})", R"({"a":1})"},
      {R"({"a":1 , "_trace":{} })", R"({"a":1  })"},
      {R"({"a":1,"_trace":{},"b":2})", R"({"a":1,"b":2})"},
      {R"({"_trace":1,"_trace":2})", "{}"},
      {R"({"a":1,"_trace":1,"_trace":2})", R"({"a":1})"},
      {R"({"_trace":0,"a":1,"_trace":1,"_trace":2,"b":2,"_trace":3})", R"({"a":1,"b":2})"},
      {R"({"\u005F\u0074race":1,"a":1})", R"({"a":1})"},
  };
  for (const auto& [json, payload] : cases) {
    const auto envelope = extract_envelope(json);
    ASSERT_TRUE(envelope) << json;
    EXPECT_EQ(envelope->payload, payload);
  }
}

TEST(ExtractEnvelope, LeavesOtherPayloadsByteForByte) {
  for (const std::string_view json :
       {"{}", "\t{ \"a\" : 1.00 ,\n\"a\":-0e+1, \"_tracer\":{\"_trace\":1}, \"_Trace\":[ ]}\r\n",
        R"({"x":"\u005f\/é","y":{"_trace":{"trace_id":"inner"}}})"}) {
    const auto envelope = extract_envelope(json);
    ASSERT_TRUE(envelope) << json;
    EXPECT_EQ(envelope->payload, json);
    EXPECT_TRUE(envelope->context.empty());
  }
}

TEST(ExtractEnvelope, BoundsNesting) {
  const auto nested = [](int depth) {
    return R"({"a":)" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
  };
  EXPECT_TRUE(extract_envelope(nested(63)));
  EXPECT_FALSE(extract_envelope(nested(64)));
  EXPECT_FALSE(extract_envelope(R"({"a":)" + std::string(1'000'000, '[')));
}

TEST(ExtractEnvelope, LetsTraceparentDecide) {
  const Context context =
      context_of(R"("trace_id":"11111111111111111111111111111111","span_id":"2222222222222222",)"
                 R"("parent_span_id":"3333333333333333","tracestate":"a=1, b=2","traceparent":")" +
                 std::string(kTraceparent) + '"');
  EXPECT_EQ(to_traceparent(context), kTraceparent);
  EXPECT_EQ(context.parent_span_id().to_hex(), "3333333333333333");
  EXPECT_EQ(context.tracestate(), "a=1,b=2");
  EXPECT_EQ(context.trace_name(), "");
}

TEST(ExtractEnvelope, ReadsTheIdsWithoutATraceparent) {
  const Context context = context_of(R"("trace_id":"batch-7","span_id":"00f067aa0ba902b7")");
  EXPECT_EQ(context.trace_name(), "batch-7");
  EXPECT_EQ(context.trace_id(), TraceId::from_name("batch-7"));
  EXPECT_EQ(context.span_id().to_hex(), kSpanHex);

  const Context fallback = context_of(R"("traceparent":"nonsense","trace_id":"batch-7")");
  EXPECT_EQ(fallback.trace_name(), "batch-7");
  EXPECT_FALSE(fallback.span_id().is_valid());
}

TEST(ExtractEnvelope, ReadsEscapedNamesAndTexts) {
  const Context context = context_of(R"("\u0074race_id":"batch\u002D7")");
  EXPECT_EQ(context.trace_name(), "batch-7");
}

TEST(ExtractEnvelope, GivesNoContextForATraceThatIsNotValid) {
  const std::uint64_t before = rejections().envelope_malformed;
  for (const std::string_view trace :
       {"null", "1", "\"text\"", "[]", R"({"trace_id":7,"fields":{"a":1}})",
        R"({"trace_id":"two words","baggage":"a=1"})", R"({"traceparent":null})",
        R"({"span_id":"00f067aa0ba902b7"})", R"({"trace_id":"a\nb"})"}) {
    const auto envelope = extract_envelope(R"({"_trace":)" + std::string(trace) + R"(,"a":1})");
    ASSERT_TRUE(envelope) << trace;
    EXPECT_TRUE(envelope->context.empty()) << trace;
    EXPECT_EQ(envelope->payload, R"({"a":1})");
  }
  EXPECT_EQ(rejections().envelope_malformed, before + 9);
}

TEST(ExtractEnvelope, TakesTheLastOfSeveral) {
  const auto envelope =
      extract_envelope(R"({"_trace":{"trace_id":"first"},"_trace":{"trace_id":"last"}})");
  EXPECT_EQ(envelope->context.trace_name(), "last");
  EXPECT_EQ(context_of(R"("trace_id":"first","trace_id":"last")").trace_name(), "last");
}

TEST(ExtractEnvelope, DropsBaggageThatNoHeaderCouldHave) {
  EXPECT_EQ(context_of(R"("trace_id":"a","baggage":"k=v")").baggage(), "k=v");
  EXPECT_EQ(context_of(R"("trace_id":"a","baggage":"k=v\r\nX: y")").baggage(), "");
}

TEST(ExtractEnvelope, RestoresFieldsWithTheirType) {
  const Context context = context_of(with_fields(
      R"("s":"t\u00e9xt","i":-3,"u":18446744073709551615,"d":1.0,"e":1e3,"t":true,"f":false,)"
      R"("big":18446744073709551616,"k\"ey":"")"));
  const Fields fields = context.fields();
  EXPECT_EQ(fields.find("s")->value, FieldValue("t\xc3\xa9xt"));
  EXPECT_EQ(fields.find("i")->value, FieldValue(-3));
  EXPECT_EQ(fields.find("u")->value, FieldValue(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_EQ(fields.find("d")->value, FieldValue(1.0));
  EXPECT_EQ(fields.find("e")->value, FieldValue(1000.0));
  EXPECT_EQ(fields.find("t")->value, FieldValue(true));
  EXPECT_EQ(fields.find("f")->value, FieldValue(false));
  EXPECT_EQ(fields.find("big")->value, FieldValue(18446744073709551616.0));
  EXPECT_EQ(fields.find("k\"ey")->value, FieldValue(""));
}

TEST(ExtractEnvelope, IgnoresFieldsOfOtherTypes) {
  const std::uint64_t before = rejections().envelope_fields_dropped;
  const Context context = context_of(with_fields(R"("n":null,"a":[],"o":{},"x":1e999,"ok":1)"));
  EXPECT_EQ(context.fields().size(), 1U);
  EXPECT_EQ(rejections().envelope_fields_dropped, before + 4);
  EXPECT_TRUE(context_of(R"("fields":[1])").empty());
  EXPECT_EQ(rejections().envelope_fields_dropped, before + 5);
}

TEST(ExtractEnvelope, BoundsFieldsByWhatTheySayNotByTheirSpelling) {
  std::string escaped;
  for (int i = 0; i < 4096; ++i) escaped += "\\u0041";
  EXPECT_EQ(context_of(with_fields("\"a\":\"" + escaped + '"')).fields()[0].value.as_string(),
            std::string(4096, 'A'));
  EXPECT_TRUE(context_of(with_fields("\"a\":\"" + escaped + "A\"")).empty());
  EXPECT_TRUE(context_of(with_fields('"' + std::string(129, 'k') + "\":1")).empty());
  EXPECT_TRUE(context_of(with_fields("\"a\":" + std::string(5000, '1'))).empty());
}

TEST(ExtractEnvelope, BoundsTheNumberOfFields) {
  std::string fields;
  for (int i = 0; i < 1000; ++i) fields += "\"k" + std::to_string(i) + "\":1,";
  fields.pop_back();
  EXPECT_EQ(context_of(with_fields(fields)).fields().size(), 64U);
}

TEST(Envelope, KeepsDoublesDoubleAndInfinitiesReadable) {
  const Context received =
      sent_and_received(Context{}.with({{"whole", 3.0},
                                        {"tiny", 5e-324},
                                        {"minus", -0.0},
                                        {"nan", std::nan("")},
                                        {"inf", -std::numeric_limits<double>::infinity()}}));
  EXPECT_EQ(received.fields().find("whole")->value, FieldValue(3.0));
  EXPECT_EQ(received.fields().find("tiny")->value, FieldValue(5e-324));
  EXPECT_TRUE(std::signbit(received.fields().find("minus")->value.as_double()));
  EXPECT_EQ(received.fields().find("nan")->value, FieldValue("NaN"));
  EXPECT_EQ(received.fields().find("inf")->value, FieldValue("-Infinity"));
}

TEST(Envelope, KeepsANameBesideAnyId) {
  const Context sent =
      Context::new_trace({.name = "nightly", .trace_id = TraceId::from_hex(kTraceHex)});
  const Context received = sent_and_received(sent);
  EXPECT_EQ(received.trace_name(), "nightly");
  EXPECT_EQ(received.trace_id(), sent.trace_id());
}

TEST(EnvelopeReader, ReadsEachAsIfItWereTheFirst) {
  const std::string trace = R"("_trace":{"trace_id":"a","fields":{"n":1}})";
  const std::string other = R"("_trace":{"trace_id":"b"})";
  const std::string texts[] = {
      "{" + trace + R"(,"x":1})",
      "{" + trace + R"(, "x":2})",
      "{" + trace + "}",
      "{" + trace + ",}",
      "{" + trace + R"( "x":2})",
      "{" + trace + "1}",
      "{" + trace,
      " { " + trace + R"(,"x":3})",
      R"({"x":4,)" + trace + "}",
      "{" + other + "}",
      "{" + trace + "," + other + R"(,"x":5})",
      "{" + trace + R"(,"_tra\u0063e":{"trace_id":"c"}})",
      R"({"x":6})",
      "{" + trace + R"(,"x":7})",
      R"({"_trace":{"trace_id":""},"x":8})",
      R"({"_trace":{"trace_id":""},"x":9})",
  };
  EnvelopeReader reader;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& text : texts) {
      const auto before = rejections().envelope_malformed;
      const auto expected = extract_envelope(text);
      const auto counted = rejections().envelope_malformed - before;
      const auto envelope = reader.extract(text);
      EXPECT_EQ(rejections().envelope_malformed - before, 2 * counted) << text;
      ASSERT_EQ(envelope.has_value(), expected.has_value()) << text;
      if (!envelope) continue;
      EXPECT_EQ(envelope->payload, expected->payload) << text;
      EXPECT_EQ(envelope->context.trace_name(), expected->context.trace_name()) << text;
      EXPECT_EQ(envelope->context.fields().size(), expected->context.fields().size()) << text;
    }
  }
}

TEST(EnvelopeMember, IsWhatInjectWrites) {
  EXPECT_EQ("{" + envelope_member(example_context()) + "}",
            inject_envelope("{}", example_context()));
  EXPECT_EQ(envelope_member(Context()), "");
}

}  // namespace
}  // namespace waybill
