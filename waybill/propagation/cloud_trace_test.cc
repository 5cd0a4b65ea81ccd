#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/cloud_trace.h>
#include <waybill/propagation/propagator.h>

#include "tests/support/trace_vectors.h"

namespace waybill {
namespace {

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

TEST(CloudTrace, HoldsToTheVectors) {
  const Propagator cloud({.formats = {Format::kCloudTrace}});
  test::check_vectors("gcp.json", {}, [&cloud](const test::Vector& vector) {
    return vector.op == "inject"
               ? test::differing_headers(cloud, test::context_of(vector.in), vector.expect)
               : test::differing_trace(test::extract_from(cloud, vector.in), vector.expect);
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
