#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/baggage.h>
#include <waybill/propagation/jaeger.h>
#include <waybill/propagation/propagator.h>

#include "tests/support/trace_vectors.h"

namespace waybill {
namespace {

using nlohmann::json;
using test::Choice;
using test::Vector;
using testing::ElementsAre;
using testing::Pair;

using Members = std::vector<std::pair<std::string, std::string>>;

std::string written(const Context& context) {
  char buffer[kUberTraceIdSize];
  return {buffer, write_uber_trace_id(context, buffer)};
}

TEST(UberTraceId, HasNoParentAndOneDigitOfFlags) {
  const auto context = [](Sampling sampling) {
    return Context::new_trace({.trace_id = TraceId::from_hex("80f198ee56343ba864fe8b2a57d3eff7"),
                               .span_id = SpanId::from_hex("e457b5a2e4d86bd1"),
                               .sampling = sampling});
  };
  const std::string ids = "80f198ee56343ba864fe8b2a57d3eff7:e457b5a2e4d86bd1:0:";
  EXPECT_EQ(written(context(Sampling::kUndecided)), ids + "0");
  EXPECT_EQ(written(context(Sampling::kDropped)), ids + "0");
  EXPECT_EQ(written(context(Sampling::kSampled)), ids + "1");
  EXPECT_EQ(written(context(Sampling::kDebug)), ids + "3");
  EXPECT_EQ(written(Context{}), "");
  EXPECT_EQ(written(Context::new_trace({.span_id = SpanId{}})), "");
}

TEST(UberTraceId, TakesTheParentOverWhereItIsAnId) {
  EXPECT_EQ(parse_uber_trace_id("1:2:3:1")->parent_span_id.to_hex(), "0000000000000003");
  EXPECT_FALSE(parse_uber_trace_id("1:2:0:1")->parent_span_id.is_valid());
  EXPECT_FALSE(parse_uber_trace_id("1:2::1")->parent_span_id.is_valid());
  EXPECT_FALSE(parse_uber_trace_id("1:2:parent:1")->parent_span_id.is_valid());
}

TEST(UberTraceId, TakesColonsThatArePercentEncoded) {
  EXPECT_EQ(parse_uber_trace_id("1%3a2%3A0:3"),
            (RemoteSpan{.trace_id = *TraceId::from_hex("00000000000000000000000000000001"),
                        .span_id = *SpanId::from_hex("0000000000000002"),
                        .sampling = Sampling::kDebug}));
  EXPECT_FALSE(parse_uber_trace_id("1%3b2%3b0%3b3"));
  EXPECT_FALSE(parse_uber_trace_id("1%3"));
}

TEST(UberTraceId, RefusesWhatIsNotInItsForm) {
  for (const char* text :
       {"", ":::", "1:2:0", "1:2:0:1:", "1:2:0:", "1:0:0:1", "0:1:0:1", "1:2:0:g", "1:2:0:100",
        "g:2:0:1", "11111111111111111:11111111111111111:0:1",
        "000000000000000000000000000000001:1:0:1", "1 :2:0:1",
        "80f198ee56343ba864fe8b2a57d3eff7:0000000000000000:0:1",
        "80f198ee56343ba864fe8b2a57d3efg7:e457b5a2e4d86bd1:0:1",
        "80f198ee56343ba864fe8b2a57d3eff7:e457b5a2e4d86bd1:0:g"}) {
    EXPECT_FALSE(parse_uber_trace_id(text)) << text;
  }
}

TEST(UberContext, IsSpelledAsAHeader) {
  std::string name, text;
  ASSERT_TRUE(spell_uber_context("tenant", "acme, corp\r\n\xc3\xa9", name, text));
  EXPECT_EQ(name, "uberctx-tenant");
  EXPECT_EQ(text, "acme%2C%20corp%0D%0A%C3%A9");
  EXPECT_FALSE(spell_uber_context("two words", "x", name, text));
  EXPECT_FALSE(spell_uber_context("line\nbreak", "x", name, text));
}

TEST(UberContext, HasItsKeyInLowerCase) {
  std::string key;
  EXPECT_TRUE(read_uber_context("Tenant-ID", "acme",
                                [&](std::string_view k, std::string_view) { key = k; }));
  EXPECT_EQ(key, "tenant-id");
  EXPECT_FALSE(read_uber_context("", "acme", [](std::string_view, std::string_view) {}));
}

TEST(JaegerBaggage, KeepsTheGoodMembersOfAList) {
  Members members;
  const auto visit = [&](std::string_view key, std::string_view value) {
    members.emplace_back(key, value);
  };
  EXPECT_EQ(read_jaeger_baggage("a=1, b = x%20y ,,c,=d,e=%zz,f==", visit), 3u);
  EXPECT_THAT(members, ElementsAre(Pair("a", "1"), Pair("b", "x y"), Pair("f", "=")));
  members.clear();
  EXPECT_EQ(read_jaeger_baggage(std::string(8193, 'a') + "=1", visit), 1u);
  EXPECT_THAT(members, testing::IsEmpty());
}

TEST(JaegerBaggage, ReadsNoMoreMembersThanTheLimit) {
  std::string list = "bad,";
  for (std::size_t i = 0; i < kMaxJaegerBaggageMembers + 2; ++i) list += std::to_string(i) + "=v,";
  Members members;
  EXPECT_EQ(
      read_jaeger_baggage(list, [&](std::string_view key,
                                    std::string_view value) { members.emplace_back(key, value); }),
      3u);
  ASSERT_EQ(members.size(), kMaxJaegerBaggageMembers);
  EXPECT_THAT(members.back(), Pair("63", "v"));
}

TEST(UberTraceId, ReadsEachSpellingAlike) {
  const RemoteSpan full{.trace_id = *TraceId::from_hex("80f198ee56343ba864fe8b2a57d3eff7"),
                        .span_id = *SpanId::from_hex("e457b5a2e4d86bd1"),
                        .sampling = Sampling::kSampled};
  for (const char* text :
       {"80f198ee56343ba864fe8b2a57d3eff7:e457b5a2e4d86bd1:0:1",
        "80f198ee56343ba864fe8b2a57d3eff7:e457b5a2e4d86bd1:0:01",
        "80F198EE56343BA864FE8B2A57D3EFF7:e457b5a2e4d86bd1:0:1",
        "80f198ee56343ba864fe8b2a57d3eff7:E457B5A2E4D86BD1:0000000000000000:0001",
        "80f198ee56343ba864fe8b2a57d3eff7%3Ae457b5a2e4d86bd1%3A0%3A1",
        " 80f198ee56343ba864fe8b2a57d3eff7:e457b5a2e4d86bd1:0:1\t"}) {
    EXPECT_EQ(parse_uber_trace_id(text), full) << text;
  }
}

const Propagator& jaeger() {
  static const Propagator propagator({.formats = {Format::kJaeger}});
  return propagator;
}

std::string differing_baggage(const Context& remote, const json& expect) {
  const Members expected = test::headers_of(expect.at("members_kv"));
  for (const auto& [key, value] : expected) {
    if (get_baggage(remote, key) != value) return "wrong " + key;
  }
  return Baggage::of(remote).size() == expected.size() ? "" : "too many members";
}

std::string differing_inject(const json& in, const json& expect) {
  const bool sampled = in.at("sampled").get<bool>();
  const Sampling sampling = in.at("debug").get<bool>() ? Sampling::kDebug
                            : sampled                  ? Sampling::kSampled
                                                       : Sampling::kDropped;
  return test::differing_headers(jaeger(), test::context_of(in).with_sampling(sampling), expect);
}

TEST(UberTraceId, HoldsToTheVectors) {
  const test::Choices choices{
      // Flags are one byte, whatever the zeros in front.
      {"go-jg-006", Choice::kAsTheVector},
      {"java-jg-009", Choice::kAsTheVector},
      {"rs-jg-008", Choice::kAsTheVector},
      {"rs-jg-014", Choice::kAsTheVector},
      // The parent is ignored on the receiving side.
      {"go-jg-011", Choice::kAsTheVector},
      {"rs-jg-009", Choice::kAsTheVector},
      {"rs-jg-010", Choice::kAsTheVector},
      {"rs-jg-012", Choice::kAsTheVector},
      {"rs-jg-013", Choice::kAsTheVector},
      // Digits of either case, zeros in front left out, ":" percent-encoded.
      {"cpp-jg-005", Choice::kAsTheVector},
      {"cpp-jg-006", Choice::kAsTheVector},
      {"js-jg-004", Choice::kAsTheVector},
  };
  test::check_vectors("jaeger.json", choices, [](const Vector& vector) {
    if (vector.op == "inject") return differing_inject(vector.in, vector.expect);
    const Context remote = test::extract_from(jaeger(), vector.in);
    return vector.op == "extract_baggage" ? differing_baggage(remote, vector.expect)
                                          : test::differing_trace(remote, vector.expect);
  });
}

RC_GTEST_PROP(UberTraceIdProperty, ComesBackAsItWent, (std::uint8_t sampling)) {
  // Undecided is not in the format.
  const auto sent = static_cast<Sampling>(1 + sampling % 3);
  const Context context = Context::new_trace({.sampling = sent});
  RC_ASSERT(
      parse_uber_trace_id(written(context)) ==
      (RemoteSpan{.trace_id = context.trace_id(), .span_id = context.span_id(), .sampling = sent}));
}

RC_GTEST_PROP(UberContextProperty, ComesBackAsItWent, (std::string value)) {
  std::string name, text;
  RC_ASSERT(spell_uber_context("key", value, name, text));
  std::string received;
  RC_ASSERT(
      read_uber_context("key", text, [&](std::string_view, std::string_view v) { received = v; }));
  RC_ASSERT(received == value);
}

}  // namespace
}  // namespace waybill
