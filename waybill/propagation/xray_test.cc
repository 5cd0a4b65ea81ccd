#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/baggage.h>
#include <waybill/propagation/propagator.h>
#include <waybill/propagation/xray.h>

#include "tests/support/trace_vectors.h"

namespace waybill {
namespace {

using nlohmann::json;
using test::Choice;
using test::Vector;

constexpr const char* kRoot = "Root=1-5759e988-bd862e3fe1be46a994272793";
constexpr std::string_view kTraceHex = "5759e988bd862e3fe1be46a994272793";

std::string written(const Context& context) {
  char buffer[kXRaySize];
  return {buffer, write_xray(context, buffer)};
}

TEST(XRay, LeavesAnOpenDecisionOut) {
  const Context context = Context::new_trace(
      {.trace_id = TraceId::from_hex(kTraceHex), .span_id = SpanId::from_hex("53995c3f42cd8ad8")});
  const std::string ids = std::string(kRoot) + ";Parent=53995c3f42cd8ad8";
  EXPECT_EQ(written(context), ids + ";Sampled=1");
  EXPECT_EQ(written(context.with_sampling(Sampling::kDebug)), ids + ";Sampled=1");
  EXPECT_EQ(written(context.with_sampling(Sampling::kUndecided)), ids);
  EXPECT_EQ(parse_xray(ids)->span.sampling, Sampling::kUndecided);
  EXPECT_EQ(parse_xray(ids + ";Sampled=?")->span.sampling, Sampling::kUndecided);
}

// As AWS documents it for requests that come from the internet through a load balancer.
TEST(XRay, TakesARootWithoutAParent) {
  const auto trace = parse_xray("Self=1-67891234-12456789abcdef012345678;" + std::string(kRoot));
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->span.trace_id.to_hex(), kTraceHex);
  EXPECT_FALSE(trace->span.span_id.is_valid());
}

// opentelemetry-java-contrib, AwsXrayPropagatorTest: extract_EpochPart_... and
// extract_InvalidTraceId_EpochPart_....
TEST(XRay, PadsTheTimeWithZeros) {
  const std::string rest = "-d188f8fa79d48a391a778fa6;Parent=53995c3f42cd8ad8;Sampled=1;Foo=Bar";
  const auto trace_id = [&rest](const std::string& time) {
    const auto trace = parse_xray("Root=1-" + time + rest);
    return trace ? trace->span.trace_id.to_hex() : "";
  };
  EXPECT_EQ(trace_id("0"), "00000000d188f8fa79d48a391a778fa6");
  EXPECT_EQ(trace_id("1a"), "0000001ad188f8fa79d48a391a778fa6");
  EXPECT_EQ(trace_id("00000000"), "00000000d188f8fa79d48a391a778fa6");
  EXPECT_EQ(trace_id("8a3c60f711"), "");
  EXPECT_EQ(trace_id(""), "");
  EXPECT_FALSE(parse_xray("Root=1" + rest));
  EXPECT_FALSE(parse_xray("Root=2-1a2a3a4a" + rest));
}

TEST(XRay, RefusesWhatIsNotInItsForm) {
  const std::string root = kRoot;
  for (const std::string& text :
       {std::string(), std::string(";"), std::string("Root"), root + ";Parent", root + ";" + root,
        root + ";Parent=53995c3f42cd8ad8;Parent=53995c3f42cd8ad8",
        root + ";Parent=", root + ";Sampled=2", root + ";Parent=0000000000000000",
        std::string("Root=1-00000000-000000000000000000000000"), "root" + root.substr(4)}) {
    EXPECT_FALSE(parse_xray(text)) << text;
  }
}

TEST(XRay, PassesLineageOnIfItIsHarmless) {
  const std::string header = std::string(kRoot) + ";Lineage=32767:e65a2c4d:255";
  EXPECT_EQ(parse_xray(header)->lineage, "32767:e65a2c4d:255");
  EXPECT_EQ(parse_xray(std::string(kRoot) + ";Lineage=x;Foo=Bar")->lineage, "");
  EXPECT_EQ(parse_xray(std::string(kRoot) + ";Lineage=" + std::string(256, '1'))->lineage, "");
  std::string sent = kRoot;
  append_xray_lineage("1;Root=2", sent);
  EXPECT_EQ(sent, kRoot);
}

const Propagator& xray() {
  static const Propagator propagator({.formats = {Format::kXRay}});
  return propagator;
}

std::string differing_extract(const json& in, const json& expect) {
  const Context remote = test::extract_from(xray(), in);
  json baggage = json::array();
  for (const Baggage::Member& member : Baggage::of(remote).members()) {
    baggage.push_back({member.key, member.value});
  }
  return test::differing_trace(remote, expect) + test::difference_in(expect, "baggage", baggage);
}

std::string differing_inject(const json& in, const json& expect) {
  Context context = test::context_of(in);
  if (in.contains("baggage")) {
    for (const auto& [key, value] : test::headers_of(in.at("baggage"))) {
      context = set_baggage(context, key, value);
    }
  }
  return test::differing_headers(xray(), context, expect);
}

TEST(XRay, HoldsToTheVectors) {
  const test::Choices choices{
      // An open decision leaves the sampled flag clear.
      {"go-xr-009", Choice::kAsTheVector},
      // A decision of none of AWS's three values is malformed.
      {"go-xr-010", Choice::kOtherwise},
      {"java-xr-012", Choice::kAsTheVector},
      {"java-xr-013", Choice::kAsTheVector},
      {"java-xr-014", Choice::kAsTheVector},
      {"py-xr-010", Choice::kAsTheVector},
      {"py-xr-011", Choice::kAsTheVector},
      {"js-xr-003", Choice::kAsTheVector},
      {"js-xr-004", Choice::kAsTheVector},
      // Lineage goes into the baggage.
      {"java-xr-004", Choice::kAsTheVector},
      {"java-xr-005", Choice::kAsTheVector},
      // A root alone is a trace.
      {"java-xr-015", Choice::kOtherwise},
      // Wrong in the table: the ids that these expect are not in their inputs. What their source
      // really says is in PadsTheTimeWithZeros.
      {"java-xr-016", Choice::kOtherwise},
      {"java-xr-017", Choice::kOtherwise},
      {"java-xr-018", Choice::kOtherwise},
      {"java-xr-019", Choice::kOtherwise},
      {"java-xr-020", Choice::kOtherwise},
      {"java-xr-021", Choice::kOtherwise},
      {"java-xr-022", Choice::kOtherwise},
  };
  test::check_vectors("xray.json", choices, [](const Vector& vector) {
    return vector.op == "inject" ? differing_inject(vector.in, vector.expect)
                                 : differing_extract(vector.in, vector.expect);
  });
}

RC_GTEST_PROP(XRayProperty, ComesBackAsItWent, (std::uint8_t sampling)) {
  const auto sent = static_cast<Sampling>(sampling % 3);  // debug is not in the format
  const Context context = Context::new_trace({.sampling = sent});
  const auto received = parse_xray(written(context));
  RC_ASSERT(received.has_value());
  RC_ASSERT(
      received->span ==
      (RemoteSpan{.trace_id = context.trace_id(), .span_id = context.span_id(), .sampling = sent}));
}

}  // namespace
}  // namespace waybill
