#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/trace/internal/sampling_fixture.h>
#include <waybill/trace/internal/text_pattern.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

using internal::Asked;
using internal::remote_parent;
using internal::TextPattern;

// Whether a rule applies to a span.
bool applies(SamplingRule rule, const Asked& asked) {
  rule.sampler = always_on_sampler();
  std::vector<SamplingRule> rules;
  rules.push_back(std::move(rule));
  return asked.by(*rule_sampler(std::move(rules), always_off_sampler())).sampling ==
         Sampling::kSampled;
}

TEST(RuleSampler, AsksTheSamplerOfTheFirstRuleThatApplies) {
  const auto sampler = rule_sampler({{.name = "GET /health", .sampler = always_off_sampler()},
                                     {.name = "GET *", .sampler = always_on_sampler()},
                                     {.name = "GET /other", .sampler = always_off_sampler()}},
                                    parent_based_sampler(always_off_sampler()));
  EXPECT_EQ(Asked{.name = "GET /health"}.by(*sampler).sampling, Sampling::kDropped);
  EXPECT_EQ(Asked{.name = "GET /other"}.by(*sampler).sampling, Sampling::kSampled);
  EXPECT_EQ(Asked{.name = "POST /other"}.by(*sampler).sampling, Sampling::kDropped);
}

TEST(RuleSampler, AsksTheFallbackWhereNoneApplies) {
  const auto sampler = rule_sampler({{.name = "x", .sampler = always_on_sampler()}},
                                    parent_based_sampler(always_off_sampler()));
  EXPECT_EQ(Asked{.parent = remote_parent(Sampling::kSampled)}.by(*sampler).sampling,
            Sampling::kSampled);
  EXPECT_EQ(Asked{}.by(*sampler).sampling, Sampling::kDropped);
}

TEST(RuleSampler, AppliesARuleWithoutConditionsToAllSpans) {
  EXPECT_TRUE(applies({}, Asked{}));
}

TEST(RuleSampler, AppliesByKind) {
  EXPECT_TRUE(applies({.kind = SpanKind::kConsumer}, {.kind = SpanKind::kConsumer}));
  EXPECT_FALSE(applies({.kind = SpanKind::kConsumer}, {.kind = SpanKind::kServer}));
}

TEST(RuleSampler, AppliesByAttribute) {
  const Asked asked{.attributes = {{"url.path", "/pay/now"},
                                   {"attempt", 3},
                                   {"size", 3U},
                                   {"ratio", 3.0},
                                   {"cached", true},
                                   {"huge", std::numeric_limits<std::uint64_t>::max()}}};
  const struct {
    OwnedAttribute wanted;
    bool applies;
  } cases[] = {
      {{"url.path", "/pay/now"}, true},
      {{"url.path", "/pay/*"}, true},
      {{"url.path", "/pay"}, false},
      {{"url", "/pay/now"}, false},
      {{"attempt", std::int64_t{3}}, true},
      {{"attempt", std::int64_t{4}}, false},
      {{"attempt", 3.0}, true},
      {{"attempt", "3"}, false},
      {{"attempt", true}, false},
      {{"size", std::int64_t{3}}, true},
      {{"size", 3.0}, true},
      {{"ratio", std::int64_t{3}}, true},
      {{"ratio", 3.0}, true},
      {{"ratio", 3.5}, false},
      {{"cached", true}, true},
      {{"cached", false}, false},
      {{"cached", std::int64_t{1}}, false},
      {{"huge", std::int64_t{-1}}, false},
      {{"missing", "*"}, false},
  };
  for (const auto& [wanted, expected] : cases) {
    EXPECT_EQ(applies({.attributes = {wanted}}, asked), expected)
        << wanted.key << ", value of type " << wanted.value.index();
  }
}

TEST(RuleSampler, LooksAtTheLastOfSeveralAttributesWithOneKey) {
  const Asked asked{.attributes = {{"user", "ann"}, {"user", "bob"}}};
  EXPECT_TRUE(applies({.attributes = {{"user", "bob"}}}, asked));
  EXPECT_FALSE(applies({.attributes = {{"user", "ann"}}}, asked));
}

TEST(RuleSampler, AppliesWhereAllConditionsHold) {
  const SamplingRule rule{.name = "GET *",
                          .kind = SpanKind::kServer,
                          .attributes = {{"a", std::int64_t{1}}, {"b", std::int64_t{2}}}};
  EXPECT_TRUE(applies(rule, {.attributes = {{"b", 2}, {"a", 1}}}));
  EXPECT_FALSE(applies(rule, {.attributes = {{"a", 1}}}));
  EXPECT_FALSE(applies(rule, {.attributes = {{"a", 1}, {"b", 3}}}));
  EXPECT_FALSE(applies(rule, {.name = "PUT x", .attributes = {{"b", 2}, {"a", 1}}}));
  EXPECT_FALSE(applies(rule, {.kind = SpanKind::kClient, .attributes = {{"b", 2}, {"a", 1}}}));
}

TEST(TextPattern, MatchesStarsWithAnyText) {
  const struct {
    const char* pattern;
    const char* text;
    bool matches;
  } cases[] = {
      {"", "", true},
      {"", "a", false},
      {"a", "a", true},
      {"a", "ab", false},
      {"*", "", true},
      {"*", "abc", true},
      {"**", "abc", true},
      {"a*", "a", true},
      {"a*", "abc", true},
      {"a*", "ba", false},
      {"*c", "abc", true},
      {"*c", "abcd", false},
      {"a*c", "abc", true},
      {"a*c", "ac", true},
      {"a*a", "a", false},
      {"ab*ba", "aba", false},
      {"*b*", "abc", true},
      {"*b*", "ac", false},
      {"a*b*c", "a-b-c", true},
      {"a*b*c", "a-c-b", false},
      {"*ab*ba*", "aba", false},
      {"*ab*ba*", "abba", true},
      {"*a*aa", "aa", false},
      {"A*", "abc", false},
  };
  for (const auto& [pattern, text, matches] : cases) {
    EXPECT_EQ(TextPattern(pattern).matches(text), matches) << pattern << " on " << text;
  }
}

bool matches_simply(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return matches_simply(pattern.substr(1), text) ||
           (!text.empty() && matches_simply(pattern, text.substr(1)));
  }
  return !text.empty() && text[0] == pattern[0] &&
         matches_simply(pattern.substr(1), text.substr(1));
}

RC_GTEST_PROP(TextPatternProperty, MatchesAsTheDefinitionDoes, ()) {
  const auto pattern = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab*")));
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab")));
  if (pattern.size() > 12 || text.size() > 16) return;
  RC_ASSERT(TextPattern(pattern).matches(text) == matches_simply(pattern, text));
}

}  // namespace
}  // namespace waybill
