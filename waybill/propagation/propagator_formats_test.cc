// The Propagator over several formats: which is read, which are written, and what of one goes into
// another.
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/core/error.h>
#include <waybill/propagation/internal/id_words.h>
#include <waybill/propagation/propagation.h>

namespace waybill {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

using Headers = std::map<std::string, std::string>;

constexpr std::string_view kTraceHex = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view kSpanHex = "00f067aa0ba902b7";
constexpr const char* kEverything =
    "tracecontext,baggage,x-trace-id,b3,b3multi,jaeger,xray,gcp,datadog";

Propagator speaking(std::string_view formats) {
  return Propagator({.formats = FormatList::parse(formats)});
}

Headers written(const Propagator& propagator, const Context& context, bool trusted = false) {
  Headers headers;
  MapCarrier carrier(headers);
  propagator.inject(context, carrier, {.trusted = trusted});
  return headers;
}

Context read(const Propagator& propagator, const Headers& headers, bool trusted = false) {
  return propagator.extract(MapCarrier(headers), {.trusted = trusted});
}

Context sample(Sampling sampling = Sampling::kSampled) {
  return Context::new_trace({.trace_id = TraceId::from_hex(kTraceHex),
                             .span_id = SpanId::from_hex(kSpanHex),
                             .sampling = sampling});
}

TEST(Formats, WriteTheirOwnHeaders) {
  const std::vector<std::pair<const char*, Headers>> table{
      {"none", {}},
      {"tracecontext",
       {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}},
      {"x-trace-id", {{"X-Trace-ID", "4bf92f3577b34da6a3ce929d0e0e4736"}}},
      {"b3", {{"b3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1"}}},
      {"b3multi",
       {{"X-B3-TraceId", "4bf92f3577b34da6a3ce929d0e0e4736"},
        {"X-B3-SpanId", "00f067aa0ba902b7"},
        {"X-B3-Sampled", "1"}}},
      {"jaeger", {{"uber-trace-id", "4bf92f3577b34da6a3ce929d0e0e4736:00f067aa0ba902b7:0:1"}}},
      {"xray",
       {{"X-Amzn-Trace-Id",
         "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1"}}},
      {"gcp",
       {{"X-Cloud-Trace-Context", "4bf92f3577b34da6a3ce929d0e0e4736/67667974448284343;o=1"}}},
      {"datadog",
       {{"x-datadog-trace-id", "11803532876627986230"},
        {"x-datadog-parent-id", "67667974448284343"},
        {"x-datadog-sampling-priority", "1"},
        {"x-datadog-tags", "_dd.p.tid=4bf92f3577b34da6"}}},
  };
  for (const auto& [format, headers] : table) {
    EXPECT_EQ(written(speaking(format), sample()), headers) << format;
  }
}

TEST(Formats, ReadWhatTheyWrite) {
  for (const Format format : FormatList::parse(kEverything)) {
    if (format == Format::kBaggage) continue;
    const Propagator propagator({.formats = {format}});
    const Context received = read(propagator, written(propagator, sample()));
    EXPECT_EQ(received.trace_id().to_hex(), kTraceHex) << name_of(format);
    if (format == Format::kTraceIdHeader) continue;
    EXPECT_EQ(received.span_id().to_hex(), kSpanHex) << name_of(format);
    EXPECT_EQ(received.sampling(), Sampling::kSampled) << name_of(format);
  }
}

TEST(Formats, AllStandSideBySide) {
  const Propagator everything = speaking(kEverything);
  const Headers headers = written(everything, sample());
  EXPECT_EQ(headers.size(), 13u);
  for (const Format format : everything.options().formats) {
    if (format == Format::kBaggage) continue;
    EXPECT_EQ(read(Propagator({.formats = {format}}), headers).trace_id().to_hex(), kTraceHex);
  }
}

TEST(Extract, TakesTheFirstFormatThatIsThereAndValid) {
  const Headers headers{{"traceparent", "nonsense"},
                        {"b3", "11111111111111111111111111111111-2222222222222222-0"},
                        {"uber-trace-id", "33333333333333333333333333333333:4444444444444444:0:1"}};
  EXPECT_EQ(read(speaking("tracecontext,b3,jaeger"), headers).trace_id().to_hex(),
            "11111111111111111111111111111111");
  EXPECT_EQ(read(speaking("jaeger,b3,tracecontext"), headers).trace_id().to_hex(),
            "33333333333333333333333333333333");
  EXPECT_TRUE(read(speaking("xray,tracecontext"), headers).empty());
}

TEST(Extract, ReadsBothKindsOfB3TheSingleHeaderFirst) {
  Headers headers{{"X-B3-TraceId", "11111111111111111111111111111111"},
                  {"X-B3-SpanId", "2222222222222222"}};
  for (const char* formats : {"b3", "b3multi", "b3multi,b3"}) {
    EXPECT_EQ(read(speaking(formats), headers).span_id().to_hex(), "2222222222222222") << formats;
  }
  headers["b3"] = "33333333333333333333333333333333-4444444444444444-1";
  for (const char* formats : {"b3", "b3multi", "b3multi,b3"}) {
    EXPECT_EQ(read(speaking(formats), headers).span_id().to_hex(), "4444444444444444") << formats;
  }
}

TEST(Extract, ReadsOtherFormatsThanItWritesIfAskedTo) {
  const Propagator bridge({.formats = {Format::kTraceContext},
                           .extract_formats = FormatList{Format::kB3, Format::kTraceContext}});
  const Context received = read(bridge, written(speaking("b3"), sample()));
  EXPECT_EQ(received.span_id().to_hex(), kSpanHex);
  EXPECT_THAT(written(bridge, received), UnorderedElementsAre(Key("traceparent")));
}

TEST(Extract, CompletesANameWithTheSpanOfTheSameTrace) {
  const Propagator propagator = speaking("x-trace-id,b3");
  const Context received =
      read(propagator, {{"X-Trace-ID", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"},
                        {"b3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-d"}});
  EXPECT_EQ(received.span_id().to_hex(), kSpanHex);
  EXPECT_EQ(received.sampling(), Sampling::kDebug);
}

TEST(Extract, TakesADecisionWithoutIdsOverToTheTraceThatBegins) {
  const Propagator propagator = speaking("tracecontext,b3");
  const Context decision = read(propagator, {{"b3", "0"}});
  EXPECT_FALSE(decision.has_trace());
  EXPECT_EQ(decision.child().sampling(), Sampling::kDropped);
  EXPECT_THAT(written(propagator, decision), UnorderedElementsAre(Pair("b3", "0")));

  const Context known = read(propagator, {{"b3", "0"}, {"traceparent", to_traceparent(sample())}});
  EXPECT_EQ(known.sampling(), Sampling::kSampled);
}

TEST(Sampling, GoesFromOneFormatIntoAnother) {
  const Propagator propagator = speaking("b3,jaeger,datadog,xray,tracecontext");
  const Headers debug = written(propagator, sample(Sampling::kDebug));
  EXPECT_THAT(debug, Contains(Pair("b3", testing::EndsWith("-d"))));
  EXPECT_THAT(debug, Contains(Pair("uber-trace-id", testing::EndsWith(":3"))));
  EXPECT_THAT(debug, Contains(Pair("x-datadog-sampling-priority", "2")));
  EXPECT_THAT(debug, Contains(Pair("traceparent", testing::EndsWith("-01"))));

  const Headers undecided = written(propagator, sample(Sampling::kUndecided));
  EXPECT_THAT(undecided, Contains(Pair("b3", testing::EndsWith(kSpanHex))));
  EXPECT_THAT(undecided, Not(Contains(Key("x-datadog-sampling-priority"))));
  EXPECT_EQ(read(propagator, undecided).sampling(), Sampling::kUndecided);
}

TEST(Inject, LeavesNothingOfAnEarlierTraceInAnyFormat) {
  const Propagator everything = speaking(kEverything);
  Headers headers = written(everything, sample(Sampling::kDebug).with_baggage("a=1"), true);
  headers["UBERCTX-Old"] = "x";
  headers["x-b3-parentspanid"] = "05e3ac9a4f6e3b90";
  MapCarrier carrier(headers);
  const Context other = Context::new_trace({.span_id = SpanId{}, .sampling = Sampling::kUndecided});
  everything.inject(other, carrier);
  EXPECT_THAT(headers, UnorderedElementsAre(Pair("X-Trace-ID", other.trace_id().to_hex())));
}

TEST(Inject, TakesOutBaggageForTheUntrustedInEveryFormat) {
  for (const char* formats : {"b3", "tracecontext", "baggage"}) {
    Headers headers{{"Baggage", "account=acme"}, {"Accept", "*/*"}};
    MapCarrier carrier(headers);
    speaking(formats).inject(sample(), carrier);
    EXPECT_FALSE(carrier.get("baggage")) << formats;
    EXPECT_TRUE(carrier.get("accept")) << formats;
  }
}

TEST(TraceIdHeaders, AreThoseThatWereNamed) {
  const Propagator propagator({.formats = {Format::kTraceIdHeader},
                               .trace_id_headers = {"X-Correlation-ID", "X-Request-ID"}});
  EXPECT_THAT(
      written(propagator, Context::new_trace({.name = "order-7"})),
      UnorderedElementsAre(Pair("X-Correlation-ID", "order-7"), Pair("X-Request-ID", "order-7")));
  EXPECT_EQ(read(propagator, {{"x-request-id", "order-8"}}).trace_name(), "order-8");
  EXPECT_EQ(
      read(propagator, {{"x-request-id", "b"}, {"x-correlation-id", "two words"}}).trace_name(),
      "b");
  EXPECT_TRUE(read(propagator, {{"x-trace-id", "order-9"}}).empty());
}

TEST(TravellingFields, GoAsBaggageToTheTrustedAlone) {
  const Context context = sample()
                              .with({{"job_id", "J 7"}, {"attempt", 2}, {"run_id", 9}})
                              .with_baggage("a=1,job_id=old");
  EXPECT_THAT(written(Propagator(), context, true),
              Contains(Pair("baggage", "a=1,job_id=J%207,run_id=9")));
  EXPECT_THAT(written(Propagator(), context), Not(Contains(Key("baggage"))));
}

TEST(TravellingFields, ArriveAsFieldsFromTheTrustedAlone) {
  const Headers headers{{"traceparent", to_traceparent(sample())},
                        {"baggage", "a=1,job_id=J%207;p=q"}};
  const Context received = read(Propagator(), headers, true);
  ASSERT_EQ(received.fields().size(), 1u);
  EXPECT_EQ(received.fields()[0], (Field{"job_id", "J 7"}));
  EXPECT_EQ(received.baggage(), "a=1,job_id=J%207;p=q");
  EXPECT_TRUE(read(Propagator(), headers).fields().empty());
  EXPECT_EQ(read(Propagator(), {{"baggage", "job_id=7"}}, true).fields().size(), 1u);
}

TEST(TravellingFields, CanBeAllOfThem) {
  const Propagator all({.travelling_fields = {"*"}});
  const Context context = sample().with({{"attempt", 2}, {"ratio", 0.5}});
  EXPECT_THAT(written(all, context, true), Contains(Pair("baggage", "attempt=2,ratio=0.5")));
  EXPECT_EQ(read(all, written(all, context, true), true).fields().size(), 2u);
  const Propagator none({.travelling_fields = {}});
  EXPECT_THAT(written(none, context.with({{"job_id", 1}}), true), Not(Contains(Key("baggage"))));
}

TEST(JaegerBaggage, IsWrittenAndReadWithTheTrustedAlone) {
  const Propagator jaeger = speaking("jaeger");
  const Context context = sample().with_baggage("tenant=acme,who=a%20b");
  EXPECT_THAT(written(jaeger, context), Not(Contains(Key("uberctx-tenant"))));
  const Headers headers = written(jaeger, context, true);
  EXPECT_THAT(headers, Contains(Pair("uberctx-tenant", "acme")));
  EXPECT_EQ(read(jaeger, headers, true).baggage(), "tenant=acme,who=a%20b");
  EXPECT_EQ(read(jaeger, headers).baggage(), "");
}

TEST(JaegerBaggage, CountsAfterTheHeaderOfTheStandard) {
  const Context received = read(speaking("tracecontext,baggage,jaeger"),
                                {{"baggage", "a=1"}, {"uberctx-a", "2"}, {"uberctx-b", "3"}}, true);
  EXPECT_EQ(received.baggage(), "a=1,b=3");
}

TEST(XRayLineage, TravelsInTheBaggage) {
  const Propagator xray = speaking("xray,baggage");
  const Headers headers{{"X-Amzn-Trace-Id",
                         "Root=1-8a3c60f7-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;"
                         "Sampled=1;Lineage=32767:e65a2c4d:255"}};
  const Context received = read(xray, headers, true);
  EXPECT_EQ(get_baggage(received, "Lineage"), "32767:e65a2c4d:255");
  EXPECT_EQ(written(speaking("xray"), received, true), headers);
  EXPECT_THAT(written(speaking("xray"), received),
              Contains(Pair("X-Amzn-Trace-Id", testing::EndsWith("Sampled=1"))));
}

TEST(DatadogTags, SurviveAHop) {
  const Propagator datadog = speaking("datadog");
  const Headers headers{{"x-datadog-trace-id", "11803532876627986230"},
                        {"x-datadog-parent-id", "67667974448284343"},
                        {"x-datadog-sampling-priority", "2"},
                        {"x-datadog-origin", "rum"},
                        {"x-datadog-tags", "_dd.p.tid=4bf92f3577b34da6,_dd.p.dm=-4"}};
  const Context received = read(datadog, headers);
  EXPECT_EQ(received.trace_id().to_hex(), kTraceHex);
  const Headers sent = written(datadog, received.child());
  EXPECT_THAT(sent, Contains(Pair("x-datadog-origin", "rum")));
  EXPECT_THAT(sent, Contains(Pair("x-datadog-tags", testing::HasSubstr("_dd.p.dm=-4"))));
  EXPECT_THAT(sent, Contains(Pair("x-datadog-sampling-priority", "2")));
}

// A trace that a browser began has no span, and so others are asked for one.
TEST(DatadogTags, AreNotTakenForThoseOfAnotherTrace) {
  const std::string tracestate = "vendor=" + std::string(100, 'v') + " , other=1";
  const Context received = read(speaking("datadog,tracecontext"),
                                {{"x-datadog-trace-id", "7"},
                                 {"x-datadog-origin", "a-browser-with-a-rather-long-name"},
                                 {"traceparent", to_traceparent(sample())},
                                 {"tracestate", tracestate}});
  EXPECT_EQ(received.trace_id().to_hex(), "00000000000000000000000000000007");
  EXPECT_FALSE(received.span_id().is_valid());
  EXPECT_EQ(received.tracestate(), "dd=o:a-browser-with-a-rather-long-name");
}

TEST(InjectResponse, SaysWhatServedTheRequest) {
  Headers headers;
  MapCarrier carrier(headers);
  Propagator().inject_response(sample(), carrier);
  EXPECT_THAT(headers, UnorderedElementsAre(Pair("traceresponse", to_traceparent(sample())),
                                            Pair("X-Trace-ID", std::string(kTraceHex))));
  headers.clear();
  Propagator({.formats = {Format::kB3}, .trace_id_headers = {"X-Request-ID"}})
      .inject_response(sample(), carrier);
  EXPECT_THAT(headers, UnorderedElementsAre(Pair("X-Request-ID", std::string(kTraceHex))));
}

TEST(PropagatorOptions, AreCheckedWhenThePropagatorIsMade) {
  EXPECT_THROW(Propagator({.trace_id_headers = {"X Trace"}}), Error);
  EXPECT_THROW(Propagator({.trace_id_headers = {""}}), Error);
  EXPECT_THROW(Propagator({.trace_id_headers = {std::string(64, 'x')}}), Error);
  EXPECT_THROW(Propagator({.trace_id_headers = std::vector<std::string>(9, "X-Id")}), Error);
  EXPECT_THROW(Propagator({.travelling_fields = {"job_id", ""}}), Error);
}

class EnvironmentTest : public testing::Test {
 protected:
  // The default is the process's own, and made once: what speaks of it needs a process of its own.
  EnvironmentTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
  ~EnvironmentTest() override { ::unsetenv("OTEL_PROPAGATORS"); }
};

TEST_F(EnvironmentTest, NamesTheFormats) {
  ::setenv("OTEL_PROPAGATORS", "b3multi, baggage", 1);
  EXPECT_EQ(Propagator::from_environment().options().formats,
            (FormatList{Format::kB3Multi, Format::kBaggage}));
  ::setenv("OTEL_PROPAGATORS", "none", 1);
  EXPECT_TRUE(Propagator::from_environment().options().formats.empty());
  ::setenv("OTEL_PROPAGATORS", "", 1);
  EXPECT_EQ(Propagator::from_environment().options().formats, FormatList());
  ::setenv("OTEL_PROPAGATORS", "tracecontext,ottrace", 1);
  EXPECT_THROW(Propagator::from_environment(), Error);
}

TEST_F(EnvironmentTest, MakesTheDefaultAndLeavesOutWhatItDoesNotKnow) {
  EXPECT_EXIT(
      {
        ::setenv("OTEL_PROPAGATORS", "ottrace,b3", 1);
        const bool right = default_propagator().options().formats == FormatList{Format::kB3};
        static_cast<void>(default_propagator());
        std::exit(right ? 0 : 1);
      },
      testing::ExitedWithCode(0), "OTEL_PROPAGATORS: 'ottrace' is not known");
}

TEST_F(EnvironmentTest, YieldsToThePropagatorThatWasSet) {
  EXPECT_EXIT(
      {
        ::setenv("OTEL_PROPAGATORS", "b3", 1);
        set_default_propagator(speaking("jaeger"));
        Headers headers;
        MapCarrier carrier(headers);
        inject(sample(), carrier);
        const bool right = headers.size() == 1 && headers.contains("uber-trace-id") &&
                           extract(carrier).span_id() == sample().span_id();
        std::exit(right ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

RC_GTEST_PROP(FormatsProperty, EveryTraceSurvivesEveryFormat,
              (std::uint8_t sampling, std::uint64_t high, std::uint64_t low)) {
  // Many senders have ids of 64 bits.
  const TraceId trace_id = internal::trace_id_from(high % 3 == 0 ? 0 : high, low | 1);
  const Context sent =
      Context::new_trace({.trace_id = trace_id, .sampling = static_cast<Sampling>(sampling % 4)});
  for (const Format format : FormatList::parse(kEverything)) {
    if (format == Format::kBaggage || format == Format::kTraceIdHeader) continue;
    const Propagator propagator({.formats = {format}});
    const Context received = read(propagator, written(propagator, sent));
    RC_ASSERT(received.trace_id() == sent.trace_id());
    RC_ASSERT(received.span_id() == sent.span_id());
    RC_ASSERT(received.flags().sampled() == sent.flags().sampled());
  }
}

}  // namespace
}  // namespace waybill
