#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/carrier.h>
#include <waybill/propagation/cloud_trace.h>
#include <waybill/propagation/propagator.h>

#include "tests/support/vectors.h"

namespace waybill {
namespace {

using nlohmann::json;
using test::difference_in;
using test::headers_of;
using test::text_of;
using test::Vector;

constexpr const char* kTrace = "d36a105d7002f0dee73c0dfb9553764a";

std::string written(const Context& context) {
  char buffer[kMaxCloudTraceSize];
  return {buffer, write_cloud_trace(context, buffer)};
}

TEST(CloudTrace, LeavesAnOpenDecisionOut) {
  const Context context =
      Context::new_trace({.name = kTrace, .span_id = SpanId::from_hex("ffffffffffffffff")});
  const std::string ids = std::string(kTrace) + "/18446744073709551615";
  EXPECT_EQ(written(context), ids + ";o=1");
  EXPECT_EQ(written(context).size(), kMaxCloudTraceSize);
  EXPECT_EQ(written(context.with_sampling(Sampling::kDropped)), ids + ";o=0");
  EXPECT_EQ(written(context.with_sampling(Sampling::kUndecided)), ids);
  EXPECT_EQ(written(Context{}), "");
  EXPECT_EQ(parse_cloud_trace(ids)->sampling, Sampling::kUndecided);
  EXPECT_EQ(parse_cloud_trace(ids + ";o=3")->sampling, Sampling::kSampled);
}

TEST(CloudTrace, RefusesWhatIsNotInItsForm) {
  const std::string trace = kTrace;
  for (const std::string& text :
       {trace, trace + "/", trace + "/x", trace + "/-1", trace + "/+1", trace + "/ 1",
        trace + "/1;", trace + "/1;o=", trace + "/1;o=-1", trace + "/1;o=1;", trace + "/1;p=1",
        trace + "/18446744073709551616", trace + "/1;o=4294967296", trace + ":1", "g" + trace,
        "g" + trace.substr(1) + "/1"}) {
    EXPECT_FALSE(parse_cloud_trace(text)) << text;
  }
}

Propagator cloud() {
  return Propagator({.formats = {Format::kCloudTrace}});
}

std::string differing_extract(const json& in, const json& expect) {
  const HeaderListCarrier::Headers headers = headers_of(in.at("headers"));
  const Context remote = cloud().extract(HeaderListCarrier(headers));
  const std::string validity = difference_in(expect, "valid", remote.has_trace());
  if (!validity.empty() || !remote.has_trace()) return validity;
  return difference_in(expect, "trace_id", remote.trace_id().to_hex()) +
         difference_in(expect, "span_id", remote.span_id().to_hex()) +
         difference_in(expect, "flags", remote.flags().byte()) +
         difference_in(expect, "sampled", remote.flags().sampled());
}

std::string differing_inject(const json& in, const json& expect) {
  const Context context =
      Context::new_trace({.trace_id = TraceId::from_hex(text_of(in, "trace_id")),
                          .span_id = SpanId::from_hex(text_of(in, "span_id")),
                          .flags = TraceFlags(in.at("flags").get<std::uint8_t>())});
  HeaderListCarrier::Headers sent;
  HeaderListCarrier carrier(sent);
  cloud().inject(context, carrier);
  return sent == headers_of(expect.at("headers")) ? "" : "sent other headers";
}

TEST(CloudTrace, HoldsToTheVectors) {
  test::check_vectors("gcp.json", {}, [](const Vector& vector) {
    return vector.op == "inject" ? differing_inject(vector.in, vector.expect)
                                 : differing_extract(vector.in, vector.expect);
  });
}

RC_GTEST_PROP(CloudTraceProperty, ComesBackAsItWent, (std::uint8_t sampling)) {
  const auto sent = static_cast<Sampling>(sampling % 3);  // debug is not in the format
  const Context context = Context::new_trace({.sampling = sent});
  RC_ASSERT(
      parse_cloud_trace(written(context)) ==
      (RemoteSpan{.trace_id = context.trace_id(), .span_id = context.span_id(), .sampling = sent}));
}

}  // namespace
}  // namespace waybill
