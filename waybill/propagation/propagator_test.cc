#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/propagation.h>

namespace waybill {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr std::string_view kTraceHex = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view kSpanHex = "00f067aa0ba902b7";
constexpr const char* kTraceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

using Headers = std::map<std::string, std::string>;

Context extracted(const Headers& headers, const ExtractOptions& options = {}) {
  return extract(MapCarrier(headers), options);
}

Headers injected(const Context& context, const InjectOptions& options = {}) {
  Headers headers;
  MapCarrier carrier(headers);
  inject(context, carrier, options);
  return headers;
}

// The traceparent of the trace that goes by a name.
std::string traceparent_of(std::string_view name) {
  return "00-" + TraceId::from_name(name).to_hex() + "-00f067aa0ba902b7-00";
}

Context full_context() {
  return Context::new_trace({.name = "batch-7",
                             .span_id = SpanId::from_hex(kSpanHex),
                             .flags = TraceFlags(0),
                             .tracestate = "rojo=1",
                             .baggage = "tenant=acme"});
}

TEST(Inject, WritesIdsToEveryone) {
  EXPECT_THAT(injected(full_context()),
              UnorderedElementsAre(Pair("traceparent", traceparent_of("batch-7")),
                                   Pair("tracestate", "rojo=1"), Pair("X-Trace-ID", "batch-7")));
}

TEST(Inject, WritesBaggageOnlyToTheTrusted) {
  EXPECT_THAT(injected(full_context(), {.trusted = true}),
              testing::Contains(Pair("baggage", "tenant=acme")));
  EXPECT_FALSE(injected(full_context()).contains("baggage"));
  EXPECT_THAT(injected(Context{}.with_baggage("a=1"), {.trusted = true}),
              UnorderedElementsAre(Pair("baggage", "a=1")));
}

TEST(Inject, SpellsTheTraceIdAsAsked) {
  const Context context = Context::new_trace({.name = kTraceHex});
  EXPECT_EQ(injected(context)["X-Trace-ID"], kTraceHex);
  Headers headers;
  MapCarrier carrier(headers);
  Propagator({.spelling = TraceIdSpelling::kUuid}).inject(context, carrier);
  EXPECT_EQ(headers["X-Trace-ID"], context.trace_id().to_uuid());
}

TEST(Inject, WritesNothingForAnEmptyContext) {
  EXPECT_THAT(injected(Context{}), IsEmpty());
}

TEST(Inject, WritesNoTraceparentWithoutASpan) {
  const Context context =
      Context::new_trace({.name = "abc", .span_id = SpanId{}, .tracestate = "a=1"});
  EXPECT_THAT(injected(context), UnorderedElementsAre(Pair("X-Trace-ID", "abc")));
}

TEST(Inject, TakesOutTheBaggageOfHeadersThatArePassedOn) {
  std::map<std::string, std::string> headers{{"baggage", "account=acme"}};
  MapCarrier carrier(headers);
  inject(Context::new_trace({.baggage = "mine=1"}), carrier);
  EXPECT_FALSE(headers.contains("baggage"));
}

TEST(Inject, LeavesNothingOfAnEarlierTrace) {
  Headers headers{{"TraceParent", kTraceparent}, {"TraceState", "a=1"}, {"x-trace-id", "old"}};
  MapCarrier carrier(headers);
  const Context context = Context::new_trace({.name = "new"});
  inject(context, carrier);
  EXPECT_THAT(headers, UnorderedElementsAre(Pair("traceparent", to_traceparent(context)),
                                            Pair("X-Trace-ID", "new")));
}

TEST(Inject, NeverWritesLineBreaks) {
  const Context context = Context::new_trace(
      {.name = "a\r\nX: y", .tracestate = "a=1\r\nX: y", .baggage = "a=1\r\nX: y"});
  for (const auto& [name, value] : injected(context, {.trusted = true})) {
    EXPECT_THAT(value, testing::Not(testing::HasSubstr("\n"))) << name;
  }
}

TEST(Inject, LeavesOutBaggageThatIsTooLong) {
  const std::string longest = "a=" + std::string(Baggage::kMaxSize - 2, 'b');
  EXPECT_THAT(injected(Context{}.with_baggage(longest), {.trusted = true}), testing::SizeIs(1));
  EXPECT_THAT(injected(Context{}.with_baggage(longest + "b"), {.trusted = true}), IsEmpty());
}

TEST(Extract, TakesTheSendersContext) {
  const Context remote = extracted({{"traceparent", kTraceparent}, {"tracestate", "a=1, b=2"}});
  EXPECT_EQ(remote.trace_id().to_hex(), kTraceHex);
  EXPECT_EQ(remote.span_id().to_hex(), kSpanHex);
  EXPECT_FALSE(remote.parent_span_id().is_valid());
  EXPECT_EQ(remote.flags(), TraceFlags(1));
  EXPECT_EQ(remote.tracestate(), "a=1,b=2");
  EXPECT_EQ(remote.trace_name(), "");
  EXPECT_EQ(remote.child().parent_span_id(), remote.span_id());
}

TEST(Extract, IsEmptyWhereNothingValidIsFound) {
  EXPECT_TRUE(extracted({}).empty());
  EXPECT_TRUE(extracted({{"traceparent", "nonsense"}, {"X-Trace-ID", "two words"}}).empty());
  EXPECT_TRUE(extracted({{"tracestate", "a=1"}}).empty());
}

TEST(Extract, KeepsTheTraceOfAnInvalidTracestate) {
  const Context remote = extracted({{"traceparent", kTraceparent}, {"tracestate", "A=1"}});
  EXPECT_EQ(remote.trace_id().to_hex(), kTraceHex);
  EXPECT_EQ(remote.tracestate(), "");
}

TEST(Extract, KnowsNoSpanFromXTraceIdAlone) {
  const Context remote = extracted({{"x-trace-id", "abc-123"}, {"tracestate", "a=1"}});
  EXPECT_EQ(remote.trace_name(), "abc-123");
  EXPECT_EQ(remote.trace_id(), TraceId::from_name("abc-123"));
  EXPECT_FALSE(remote.span_id().is_valid());
  EXPECT_EQ(remote.sampling(), Sampling::kSampled);  // as every trace that nobody decided about
  EXPECT_EQ(remote.tracestate(), "");
  EXPECT_TRUE(remote.child().span_id().is_valid());
  EXPECT_FALSE(remote.child().parent_span_id().is_valid());
}

TEST(Extract, FallsBackToXTraceId) {
  const Context remote = extracted({{"traceparent", "nonsense"}, {"X-Trace-ID", "abc-123"}});
  EXPECT_EQ(remote.trace_name(), "abc-123");
}

const Propagator& name_first() {
  static const Propagator propagator(
      {.formats = {Format::kTraceIdHeader, Format::kTraceContext, Format::kBaggage}});
  return propagator;
}

TEST(Extract, KeepsTheNameOfTheSameTrace) {
  const Headers headers{{"traceparent", traceparent_of("abc")}, {"X-Trace-ID", "abc"}};
  for (const Propagator& propagator : {Propagator(), name_first()}) {
    const Context remote = propagator.extract(MapCarrier(headers));
    EXPECT_EQ(remote.trace_name(), "abc");
    EXPECT_EQ(remote.span_id().to_hex(), kSpanHex);
    EXPECT_FALSE(remote.flags().sampled());
  }
}

TEST(Extract, FollowsTheOrderWhereHeadersDisagree) {
  const Headers headers{{"traceparent", kTraceparent}, {"X-Trace-ID", "abc"}};
  const Context by_parent = extracted(headers);
  EXPECT_EQ(by_parent.trace_id().to_hex(), kTraceHex);
  EXPECT_EQ(by_parent.trace_name(), "");

  const Context by_name = name_first().extract(MapCarrier(headers));
  EXPECT_EQ(by_name.trace_name(), "abc");
  EXPECT_FALSE(by_name.span_id().is_valid());
}

TEST(Extract, TakesBaggageOnlyFromTheTrusted) {
  const Headers headers{{"traceparent", kTraceparent}, {"baggage", "tenant=acme"}};
  EXPECT_EQ(extracted(headers).baggage(), "");
  EXPECT_EQ(extracted(headers, {.trusted = true}).baggage(), "tenant=acme");
}

TEST(Extract, TakesBaggageWithoutATrace) {
  const Context remote = extracted({{"baggage", "tenant=acme"}}, {.trusted = true});
  EXPECT_FALSE(remote.has_trace());
  EXPECT_EQ(remote.baggage(), "tenant=acme");
}

TEST(Extract, JoinsListsThatComeInSeveralHeaders) {
  const HeaderListCarrier::Headers headers{{"traceparent", kTraceparent},
                                           {"tracestate", "a=1"},
                                           {"baggage", "c=3"},
                                           {"TraceState", "b=2"},
                                           {"Baggage", "d=4"}};
  const Context remote = extract(HeaderListCarrier(headers), {.trusted = true});
  EXPECT_EQ(remote.tracestate(), "a=1,b=2");
  EXPECT_EQ(remote.baggage(), "c=3,d=4");
}

TEST(Extract, TakesRepeatedIdsForAmbiguous) {
  const HeaderListCarrier::Headers parents{{"traceparent", kTraceparent},
                                           {"traceparent", kTraceparent}};
  EXPECT_TRUE(extract(HeaderListCarrier(parents)).empty());
  const HeaderListCarrier::Headers names{{"X-Trace-ID", "a"}, {"X-Trace-ID", "b"}};
  EXPECT_TRUE(extract(HeaderListCarrier(names)).empty());
}

RC_GTEST_PROP(PropagationProperty, ContextsComeBackAsTheyWent, (bool named, std::uint8_t flags)) {
  const std::string name = "trace-" + std::to_string(*rc::gen::arbitrary<unsigned>());
  const Context sent = Context::new_trace({.name = named ? name : "",
                                           .flags = TraceFlags(flags & 3),
                                           .tracestate = "rojo=1,congo=t61rcWkgMzE",
                                           .baggage = "tenant=acme"});
  const Context received = extracted(injected(sent, {.trusted = true}), {.trusted = true});
  RC_ASSERT(received.trace_id() == sent.trace_id());
  RC_ASSERT(received.span_id() == sent.span_id());
  RC_ASSERT(received.flags() == sent.flags());
  RC_ASSERT(received.trace_name() == sent.trace_name());
  RC_ASSERT(received.tracestate() == sent.tracestate());
  RC_ASSERT(received.baggage() == sent.baggage());
}

}  // namespace
}  // namespace waybill
