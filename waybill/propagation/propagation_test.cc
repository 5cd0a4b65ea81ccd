#include <map>
#include <string>
#include <thread>
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
  EXPECT_EQ(injected(context, {.spelling = TraceIdSpelling::kUuid})["X-Trace-ID"],
            context.trace_id().to_uuid());
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
  const Context fits = Context{}.with_baggage(std::string(kMaxBaggageSize, 'b'));
  EXPECT_THAT(injected(fits, {.trusted = true}), testing::SizeIs(1));
  const Context too_long = Context{}.with_baggage(std::string(kMaxBaggageSize + 1, 'b'));
  EXPECT_THAT(injected(too_long, {.trusted = true}), IsEmpty());
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
  EXPECT_EQ(remote.tracestate(), "");
  EXPECT_TRUE(remote.child().span_id().is_valid());
  EXPECT_FALSE(remote.child().parent_span_id().is_valid());
}

TEST(Extract, FallsBackToXTraceId) {
  const Context remote = extracted({{"traceparent", "nonsense"}, {"X-Trace-ID", "abc-123"}});
  EXPECT_EQ(remote.trace_name(), "abc-123");
}

TEST(Extract, KeepsTheNameOfTheSameTrace) {
  for (const FormatOrder& order :
       {FormatOrder{}, FormatOrder{TraceFormat::kXTraceId, TraceFormat::kTraceparent}}) {
    const Context remote = extracted(
        {{"traceparent", traceparent_of("abc")}, {"X-Trace-ID", "abc"}}, {.order = order});
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

  const Context by_name =
      extracted(headers, {.order = {TraceFormat::kXTraceId, TraceFormat::kTraceparent}});
  EXPECT_EQ(by_name.trace_name(), "abc");
  EXPECT_FALSE(by_name.span_id().is_valid());
}

TEST(Extract, ReadsOnlyTheFormatsInTheOrder) {
  const Headers headers{{"traceparent", kTraceparent}, {"X-Trace-ID", "abc"}};
  EXPECT_EQ(extracted(headers, {.order = {TraceFormat::kXTraceId}}).trace_name(), "abc");
  EXPECT_TRUE(extracted({{"X-Trace-ID", "abc"}}, {.order = {TraceFormat::kTraceparent}}).empty());
}

TEST(FormatOrder, CountsAFormatWhereItStandsFirst) {
  const FormatOrder order{TraceFormat::kXTraceId, TraceFormat::kXTraceId, TraceFormat::kTraceparent,
                          TraceFormat::kXTraceId};
  EXPECT_THAT(std::vector(order.begin(), order.end()),
              testing::ElementsAre(TraceFormat::kXTraceId, TraceFormat::kTraceparent));
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

struct RejectionCase {
  const char* reason;
  std::uint64_t RejectionCounts::*counter;
  Headers headers;
};

TEST(Rejections, CountEveryReason) {
  const std::vector<RejectionCase> cases{
      {"malformed traceparent",
       &RejectionCounts::traceparent_malformed,
       {{"traceparent", "00-xyz"}}},
      {"version ff",
       &RejectionCounts::traceparent_version,
       {{"traceparent", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}},
      {"zero trace id",
       &RejectionCounts::traceparent_zero_id,
       {{"traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"}}},
      {"zero span id",
       &RejectionCounts::traceparent_zero_id,
       {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"}}},
      {"malformed tracestate",
       &RejectionCounts::tracestate_malformed,
       {{"traceparent", kTraceparent}, {"tracestate", "A=1"}}},
      {"too many members",
       &RejectionCounts::tracestate_too_long,
       {{"traceparent", kTraceparent},
        {"tracestate",
         "a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1,l=1,m=1,n=1,o=1,p=1,q=1,r=1,s=1,t=1,u=1,v=1,"
         "w=1,x=1,y=1,z=1,0=1,1=1,2=1,3=1,4=1,5=1,6=1"}}},
      {"malformed X-Trace-ID", &RejectionCounts::x_trace_id_malformed, {{"X-Trace-ID", "a b"}}},
      {"long X-Trace-ID",
       &RejectionCounts::x_trace_id_too_long,
       {{"X-Trace-ID", std::string(129, 'x')}}},
      {"zero X-Trace-ID",
       &RejectionCounts::x_trace_id_zero_id,
       {{"X-Trace-ID", "00000000000000000000000000000000"}}},
      {"malformed baggage", &RejectionCounts::baggage_malformed, {{"baggage", "a=1\n"}}},
      {"long baggage",
       &RejectionCounts::baggage_too_long,
       {{"baggage", std::string(kMaxBaggageSize + 1, 'b')}}},
  };
  for (const RejectionCase& c : cases) {
    RejectionCounts expected = rejections();
    ++(expected.*c.counter);
    EXPECT_EQ(extracted(c.headers, {.trusted = true}).baggage(), "");
    EXPECT_EQ(rejections(), expected) << c.reason;
    EXPECT_EQ(rejections().total(), expected.total());
  }
}

TEST(Rejections, DoNotCountWhatIsAbsentEmptyOrValid) {
  const RejectionCounts before = rejections();
  extracted({}, {.trusted = true});
  extracted({{"traceparent", ""}, {"tracestate", ""}, {"X-Trace-ID", ""}, {"baggage", ""}},
            {.trusted = true});
  extracted({{"traceparent", kTraceparent}, {"tracestate", "a=1"}, {"X-Trace-ID", "abc"}});
  EXPECT_EQ(rejections(), before);
}

TEST(Rejections, AreExactAcrossThreads) {
  const std::uint64_t before = rejections().traceparent_malformed;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int k = 0; k < 500; ++k) extracted({{"traceparent", "nonsense"}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rejections().traceparent_malformed, before + 2000);
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
