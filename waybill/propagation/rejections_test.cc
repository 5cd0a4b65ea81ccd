#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/propagation/propagation.h>

namespace waybill {
namespace {

constexpr const char* kTraceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

using Headers = std::multimap<std::string, std::string>;

// Every format there is.
Context extracted(const Headers& headers, const ExtractOptions& options = {}) {
  static const Propagator propagator(
      {.formats = FormatList::parse(
           "tracecontext,baggage,x-trace-id,b3,b3multi,jaeger,xray,gcp,datadog")});
  return propagator.extract(MapCarrier(headers), options);
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
      {"traceparent twice",
       &RejectionCounts::traceparent_malformed,
       {{"traceparent", kTraceparent}, {"traceparent", kTraceparent}}},
      {"X-Trace-ID twice",
       &RejectionCounts::x_trace_id_malformed,
       {{"X-Trace-ID", "a"}, {"x-trace-id", "b"}}},
      {"malformed b3", &RejectionCounts::b3_malformed, {{"b3", "2"}}},
      {"malformed X-B3-TraceId", &RejectionCounts::b3_malformed, {{"X-B3-TraceId", "xyz"}}},
      {"X-B3-Sampled twice",
       &RejectionCounts::b3_malformed,
       {{"X-B3-Sampled", "1"}, {"X-B3-Sampled", "0"}}},
      {"malformed uber-trace-id", &RejectionCounts::jaeger_malformed, {{"uber-trace-id", "1:2"}}},
      {"malformed X-Amzn-Trace-Id", &RejectionCounts::xray_malformed, {{"X-Amzn-Trace-Id", "x"}}},
      {"malformed X-Cloud-Trace-Context",
       &RejectionCounts::cloud_trace_malformed,
       {{"X-Cloud-Trace-Context", "1/x"}}},
      {"malformed x-datadog-trace-id",
       &RejectionCounts::datadog_malformed,
       {{"x-datadog-trace-id", "-1"}, {"x-datadog-parent-id", "1"}}},
      {"malformed baggage", &RejectionCounts::baggage_malformed, {{"baggage", "a=1\n"}}},
      {"long baggage",
       &RejectionCounts::baggage_too_long,
       {{"baggage", "a=" + std::string(Baggage::kMaxSize, 'b')}}},
      {"malformed uberctx", &RejectionCounts::baggage_malformed, {{"uberctx-a", "%zz"}}},
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

}  // namespace
}  // namespace waybill
