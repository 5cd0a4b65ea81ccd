#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/b3.h>
#include <waybill/propagation/carrier.h>
#include <waybill/propagation/propagator.h>

#include "tests/support/trace_vectors.h"

namespace waybill {
namespace {

using nlohmann::json;
using test::Choice;
using test::difference_in;
using test::headers_of;
using test::text_of;
using test::Vector;

constexpr std::string_view kTraceHex = "80f198ee56343ba864fe8b2a57d3eff7";
constexpr std::string_view kSpanHex = "e457b5a2e4d86bd1";
constexpr const char* kIds = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1";

std::string written(const Context& context) {
  char buffer[kMaxB3Size];
  return {buffer, write_b3(context, buffer)};
}

Context sample(Sampling sampling) {
  return Context::new_trace({.trace_id = TraceId::from_hex(kTraceHex),
                             .span_id = SpanId::from_hex(kSpanHex),
                             .sampling = sampling});
}

TEST(B3, SaysTheSamplingStateInOneCharacter) {
  EXPECT_EQ(written(sample(Sampling::kUndecided)), kIds);
  EXPECT_EQ(written(sample(Sampling::kDropped)), std::string(kIds) + "-0");
  EXPECT_EQ(written(sample(Sampling::kSampled)), std::string(kIds) + "-1");
  EXPECT_EQ(written(sample(Sampling::kDebug)), std::string(kIds) + "-d");
}

TEST(B3, SaysADecisionAlone) {
  EXPECT_EQ(written(Context{}), "");
  EXPECT_EQ(written(Context{}.with_sampling(Sampling::kDropped)), "0");
  EXPECT_EQ(written(Context::new_trace({.span_id = SpanId{}})), "1");
  for (const auto& [text, sampling] : std::map<std::string, Sampling>{
           {"0", Sampling::kDropped}, {"1", Sampling::kSampled}, {" d\t", Sampling::kDebug}}) {
    const auto parsed = parse_b3(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, RemoteSpan{.sampling = sampling});
  }
}

TEST(B3, ReadsTheParentButDoesNotSendIt) {
  const auto parsed = parse_b3(std::string(kIds) + "-1-05e3ac9a4f6e3b90");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->parent_span_id.to_hex(), "05e3ac9a4f6e3b90");
  const auto root = parse_b3(std::string(kIds) + "-1-0000000000000000");
  ASSERT_TRUE(root);
  EXPECT_FALSE(root->parent_span_id.is_valid());
}

TEST(B3, TakesSixteenDigitsForTheLowHalfOfATraceId) {
  const RemoteSpan expected{.trace_id = *TraceId::from_hex("000000000000000064fe8b2a57d3eff7"),
                            .span_id = *SpanId::from_hex(kSpanHex),
                            .sampling = Sampling::kSampled};
  EXPECT_EQ(parse_b3("64fe8b2a57d3eff7-e457b5a2e4d86bd1-1"), expected);
  EXPECT_EQ(parse_b3_multi({.trace_id = "64fe8b2a57d3eff7", .span_id = kSpanHex, .sampled = "1"}),
            expected);
  EXPECT_FALSE(parse_b3("64fe8b2a57d3efF7-e457b5a2e4d86bd1-1"));
  EXPECT_FALSE(parse_b3("0000000000000000-e457b5a2e4d86bd1-1"));
}

TEST(B3, RefusesWhatIsNotInItsForm) {
  const std::string ids = kIds;
  for (const std::string& text :
       {std::string(), std::string("-"), std::string("2"), std::string("11"), ids + "-", ids + "-2",
        ids + "-11", ids + "-1-", ids + "-1-05e3ac9a4f6e3b9", ids + "-1-05E3AC9A4F6E3B90",
        ids + "-1-05e3ac9a4f6e3b90-", ids + "1", "-" + ids, ids.substr(1),
        ids.substr(0, ids.size() - 1), ids + "-\n"}) {
    EXPECT_FALSE(parse_b3(text)) << text;
  }
}

TEST(B3Multi, WritesAHeaderForEachPart) {
  B3Buffer buffer;
  EXPECT_EQ(write_b3_multi(sample(Sampling::kSampled), buffer),
            (B3Headers{.trace_id = kTraceHex, .span_id = kSpanHex, .sampled = "1"}));
  EXPECT_EQ(write_b3_multi(sample(Sampling::kDebug), buffer),
            (B3Headers{.trace_id = kTraceHex, .span_id = kSpanHex, .flags = "1"}));
  EXPECT_EQ(write_b3_multi(Context{}.with_sampling(Sampling::kDropped), buffer),
            (B3Headers{.sampled = "0"}));
  EXPECT_EQ(write_b3_multi(Context{}, buffer), B3Headers{});
}

TEST(B3Multi, TakesNeitherIdWithoutTheOther) {
  EXPECT_FALSE(parse_b3_multi({.trace_id = kTraceHex, .sampled = "1"}));
  EXPECT_FALSE(parse_b3_multi({.span_id = kSpanHex, .sampled = "1"}));
  EXPECT_FALSE(parse_b3_multi({.parent_span_id = kSpanHex}));
  EXPECT_FALSE(parse_b3_multi({}));
}

std::string expected_sampling(Sampling sampling) {
  constexpr const char* kNames[] = {"defer", "deny", "accept", "debug"};
  return kNames[static_cast<std::size_t>(sampling)];
}

std::string differing_extract(const Propagator& b3, const Vector& vector) {
  const Context remote = test::extract_from(b3, vector.in);
  const json& expect = vector.expect;
  const std::string trace =
      test::differing_trace(remote, expect) + difference_in(expect, "ids", remote.has_trace());
  if (!remote.has_trace() && vector.op == "extract") return trace;
  return trace + difference_in(expect, "sampling", expected_sampling(remote.sampling()));
}

std::string differing_inject(const json& in, const json& expect) {
  const std::map<std::string, Sampling> samplings{{"defer", Sampling::kUndecided},
                                                  {"deny", Sampling::kDropped},
                                                  {"accept", Sampling::kSampled},
                                                  {"debug", Sampling::kDebug}};
  const Sampling sampling = samplings.at(text_of(in, "sampling"));
  const Context context = test::context_of(in).with_sampling(sampling);
  const std::string encoding = text_of(in, "encoding");
  FormatList formats = FormatList::none();
  if (encoding.find("single") != encoding.npos) formats.add(Format::kB3);
  if (encoding.find("multi") != encoding.npos) formats.add(Format::kB3Multi);
  std::map<std::string, std::string> sent;
  MapCarrier carrier(sent);
  Propagator({.formats = formats}).inject(context, carrier);
  for (const auto& [name, value] : headers_of(expect.at("headers"))) {
    if (carrier.get(name) != value) return "wrong " + name;
  }
  for (const json& name : expect.at("absent")) {
    if (carrier.get(name.get<std::string>())) return "sent " + name.dump();
  }
  return sent.size() == expect.at("headers").size() ? "" : "sent too many headers";
}

std::string differing_equivalence(const Propagator& b3, const json& in, const json& expect) {
  const HeaderListCarrier::Headers multi = headers_of(in.at("multi"));
  const HeaderListCarrier::Headers single{{"b3", text_of(expect, "single")}};
  const Context a = b3.extract(HeaderListCarrier(multi));
  const Context b = b3.extract(HeaderListCarrier(single));
  const bool same = a.trace_id() == b.trace_id() && a.span_id() == b.span_id() &&
                    a.parent_span_id() == b.parent_span_id() && a.sampling() == b.sampling();
  return same && a.parent_span_id().is_valid() ? "" : "not the same";
}

TEST(B3, HoldsToTheVectors) {
  const test::Choices choices{
      // X-B3-Sampled as early senders spelled it.
      {"go-b3-005", Choice::kAsTheVector},
      {"go-b3-006", Choice::kAsTheVector},
      {"rs-b3-multi-004", Choice::kAsTheVector},
      {"rs-b3-multi-005", Choice::kAsTheVector},
      {"java-b3-002", Choice::kAsTheVector},
      {"java-b3-005", Choice::kAsTheVector},
      {"py-b3-002", Choice::kAsTheVector},
      {"py-b3-003", Choice::kAsTheVector},
      {"py-b3-004", Choice::kAsTheVector},
      {"py-b3-006", Choice::kAsTheVector},
      {"py-b3-007", Choice::kAsTheVector},
      {"go-b3-bad-008", Choice::kOtherwise},
      {"rs-b3-mbad-009", Choice::kOtherwise},
      // Any other value of X-B3-Sampled is malformed.
      {"go-b3-bad-005", Choice::kAsTheVector},
      {"rs-b3-mbad-008", Choice::kAsTheVector},
      {"js-b3-multi-008", Choice::kAsTheVector},
      // The single header counts first.
      {"go-b3-022", Choice::kAsTheVector},
      // The single header's state is one character, and its parent 16.
      {"go-b3-bad-018", Choice::kAsTheVector},
      {"rs-b3-bad-003", Choice::kAsTheVector},
      {"go-b3-bad-019", Choice::kAsTheVector},
      {"rs-b3-bad-004", Choice::kAsTheVector},
      {"go-b3-bad-028", Choice::kAsTheVector},
      {"rs-b3-bad-011", Choice::kAsTheVector},
      {"java-b3-016", Choice::kOtherwise},
      {"java-b3-017", Choice::kOtherwise},
      {"java-b3-018", Choice::kOtherwise},
      {"java-b3-021", Choice::kOtherwise},
      {"java-b3-022", Choice::kOtherwise},
      {"java-b3-023", Choice::kOtherwise},
  };
  const Propagator b3({.formats = {Format::kB3, Format::kB3Multi}});
  test::check_vectors("b3.json", choices, [&b3](const Vector& vector) {
    if (vector.op == "inject") return differing_inject(vector.in, vector.expect);
    if (vector.op == "equivalence") return differing_equivalence(b3, vector.in, vector.expect);
    return differing_extract(b3, vector);
  });
}

RC_GTEST_PROP(B3Property, ComesBackAsItWent, (std::uint8_t sampling)) {
  const Context sent = Context::new_trace({.sampling = static_cast<Sampling>(sampling % 4)});
  const RemoteSpan expected{
      .trace_id = sent.trace_id(), .span_id = sent.span_id(), .sampling = sent.sampling()};
  RC_ASSERT(parse_b3(written(sent)) == expected);
  B3Buffer buffer;
  RC_ASSERT(parse_b3_multi(write_b3_multi(sent, buffer)) == expected);
}

}  // namespace
}  // namespace waybill
