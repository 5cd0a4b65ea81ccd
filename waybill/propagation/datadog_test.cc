// The cases of malformed tags are those of DataDog/system-tests, tests/parametric
// (test_128_bit_traceids.py), those of the tracestate of its test_headers_tracestate_dd.py.
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/datadog.h>
#include <waybill/propagation/tracestate.h>

namespace waybill {
namespace {

constexpr std::string_view kTraceId = "1234567890123456789";
constexpr std::string_view kParentId = "987654321";

DatadogHeaders with_tags(std::string_view tags) {
  return {.trace_id = kTraceId, .parent_id = kParentId, .tags = tags};
}

TEST(Datadog, ReadsIdsAsNumbers) {
  const auto span = parse_datadog({.trace_id = kTraceId, .parent_id = " 987654321 "});
  ASSERT_TRUE(span);
  EXPECT_EQ(span->trace_id.to_hex(), "0000000000000000112210f47de98115");
  EXPECT_EQ(span->span_id.to_hex(), "000000003ade68b1");
  EXPECT_EQ(span->sampling, Sampling::kUndecided);
}

TEST(Datadog, ReadsTheUpperHalfOfTheTraceIdFromATag) {
  const auto high_bits = [](std::string_view tags) {
    return parse_datadog(with_tags(tags))->trace_id.to_hex().substr(0, 16);
  };
  EXPECT_EQ(high_bits("_dd.p.tid=640cfd8d00000000"), "640cfd8d00000000");
  EXPECT_EQ(high_bits("_dd.p.dm=-4,_dd.p.tid=640cfd8d00000000"), "640cfd8d00000000");
  for (const char* malformed :
       {"_dd.p.tid=1234567890abcdef1", "_dd.p.tid=1234567890abcde", "_dd.p.tid=1234567890abcdeX",
        "_dd.p.tid=640CFD8D00000000", "_dd.p.tid=", "_dd.p.tid", "x_dd.p.tid=640cfd8d00000000"}) {
    EXPECT_EQ(high_bits(malformed), "0000000000000000") << malformed;
  }
  const std::string too_long = "_dd.p.tid=640cfd8d00000000," + std::string(600, 'x');
  EXPECT_EQ(high_bits(too_long), "0000000000000000");
}

TEST(Datadog, ReadsThePriorityAsADecision) {
  const std::vector<std::pair<const char*, Sampling>> table{
      {"-1", Sampling::kDropped},   {"0", Sampling::kDropped},  {"1", Sampling::kSampled},
      {"2", Sampling::kDebug},      {"", Sampling::kUndecided}, {"keep", Sampling::kUndecided},
      {"1.0", Sampling::kUndecided}};
  for (const auto& [priority, sampling] : table) {
    const auto span = parse_datadog(
        {.trace_id = kTraceId, .parent_id = kParentId, .sampling_priority = priority});
    ASSERT_TRUE(span);
    EXPECT_EQ(span->sampling, sampling) << priority;
  }
}

TEST(Datadog, KnowsNoParentOfATraceWithAnOrigin) {
  for (const char* parent : {"", "0"}) {
    const auto span =
        parse_datadog({.trace_id = kTraceId, .parent_id = parent, .origin = "synthetics"});
    ASSERT_TRUE(span);
    EXPECT_FALSE(span->span_id.is_valid());
    EXPECT_FALSE(parse_datadog({.trace_id = kTraceId, .parent_id = parent}));
  }
}

TEST(Datadog, RefusesIdsThatAreNoNumbers) {
  for (const char* id : {"", "0", "-1", "+1", "1x", "0x1", "1.5", "18446744073709551616", "abc"}) {
    EXPECT_FALSE(parse_datadog({.trace_id = id, .parent_id = kParentId})) << id;
  }
  EXPECT_FALSE(parse_datadog({.trace_id = kTraceId, .parent_id = "x"}));
  EXPECT_FALSE(parse_datadog({.trace_id = kTraceId, .parent_id = "18446744073709551616"}));
}

TEST(DatadogTracestate, HoldsOriginAndTags) {
  DatadogHeaders headers = with_tags("_dd.p.tid=640cfd8d00000000,_dd.p.dm=-4, _dd.p.usr=a=b ,x=y");
  EXPECT_EQ(datadog_tracestate(headers), "t.dm:-4;t.usr:a~b");
  headers.origin = "rum=1,2;3~4\n\xc3\xa9";
  EXPECT_EQ(datadog_tracestate(headers), "o:rum~1_2_3_4___;t.dm:-4;t.usr:a~b");
  EXPECT_EQ(datadog_tracestate(with_tags("")), "");
  EXPECT_EQ(datadog_tracestate(with_tags("_dd.p.,_dd.p.a,_dd.p.b=")), "");
}

TEST(DatadogTracestate, IsAlwaysAMember) {
  const std::string long_value(300, 'v');
  for (const std::string& tags :
       {"_dd.p.a=" + long_value + ",_dd.p.b=1", std::string("_dd.p.a b:c;d~e=f"),
        std::string("_dd.p.a=1 "), std::string("_dd.p.a=\x01")}) {
    const std::string member = datadog_tracestate(with_tags(tags));
    EXPECT_TRUE(member.empty() || Tracestate::is_valid_value(member)) << member;
  }
  EXPECT_EQ(datadog_tracestate(with_tags("_dd.p.a=" + long_value + ",_dd.p.b=1")), "t.b:1");
}

TEST(Datadog, WritesWhatTheTracestateKeeps) {
  const Context context = Context::new_trace(
      {.trace_id = TraceId::from_hex("640cfd8d00000000112210f47de98115"),
       .span_id = SpanId::from_hex("000000003ade68b1"),
       .sampling = Sampling::kDebug,
       .tracestate = "foo=1,dd=s:2;o:rum~1;p:00f067aa0ba902b7;t.dm:-4;t.tid:1111111111111111"});
  DatadogBuffer buffer;
  const DatadogHeaders headers = write_datadog(context, buffer);
  EXPECT_EQ(headers.trace_id, kTraceId);
  EXPECT_EQ(headers.parent_id, kParentId);
  EXPECT_EQ(headers.sampling_priority, "2");
  EXPECT_EQ(headers.tags, "_dd.p.tid=640cfd8d00000000,_dd.p.dm=-4");
  EXPECT_EQ(headers.origin, "rum=1");
}

TEST(Datadog, WritesNothingThatCouldNotBeRead) {
  DatadogBuffer buffer;
  EXPECT_EQ(write_datadog(Context{}, buffer).trace_id, "");
  EXPECT_EQ(write_datadog(Context::new_trace({.span_id = SpanId{}}), buffer).trace_id, "");
  const Context high_half_alone =
      Context::new_trace({.trace_id = TraceId::from_hex("640cfd8d000000000000000000000000")});
  EXPECT_EQ(write_datadog(high_half_alone, buffer).trace_id, "");
}

RC_GTEST_PROP(DatadogProperty, ComesBackAsItWent, (std::uint8_t sampling)) {
  const Context sent = Context::new_trace(
      {.sampling = static_cast<Sampling>(sampling % 4), .tracestate = "dd=o:rum;t.dm:-4"});
  DatadogBuffer buffer;
  const DatadogHeaders headers = write_datadog(sent, buffer);
  RC_ASSERT(parse_datadog(headers) == (RemoteSpan{.trace_id = sent.trace_id(),
                                                  .span_id = sent.span_id(),
                                                  .sampling = sent.sampling()}));
  RC_ASSERT(datadog_tracestate(headers) == "o:rum;t.dm:-4");
}

}  // namespace
}  // namespace waybill
