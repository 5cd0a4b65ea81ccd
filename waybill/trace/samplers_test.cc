#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/trace/internal/sampling_fixture.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

using internal::Asked;
using internal::FixedSampler;
using internal::remote_parent;
using internal::tracestate_after;

TEST(AlwaysOnSampler, SamplesWhateverTheParentWas) {
  const auto sampler = always_on_sampler();
  EXPECT_EQ(Asked{}.by(*sampler).sampling, Sampling::kSampled);
  for (const Sampling parent : {Sampling::kUndecided, Sampling::kDropped, Sampling::kSampled}) {
    const SamplingAnswer answer = Asked{.parent = remote_parent(parent)}.by(*sampler);
    EXPECT_EQ(answer.sampling, Sampling::kSampled);
    EXPECT_FALSE(answer.changes_tracestate);
  }
}

// It has not sampled with the probability that others have told.
TEST(AlwaysOnSampler, SaysThatItSamplesAllWhereOthersDoNot) {
  const Asked asked{.parent = remote_parent(Sampling::kSampled, "a=1,ot=rv:00000000000001;th:8")};
  const SamplingAnswer answer = asked.by(*always_on_sampler());
  EXPECT_EQ(tracestate_after(answer, asked.parent), "ot=th:0;rv:00000000000001,a=1");
}

TEST(AlwaysOffSampler, DropsWhateverTheParentWas) {
  const auto sampler = always_off_sampler();
  EXPECT_EQ(Asked{}.by(*sampler).sampling, Sampling::kDropped);
  const Asked asked{.parent = remote_parent(Sampling::kSampled, "ot=th:8,a=1")};
  const SamplingAnswer answer = asked.by(*sampler);
  EXPECT_EQ(answer.sampling, Sampling::kDropped);
  EXPECT_EQ(tracestate_after(answer, asked.parent), "a=1");
}

TEST(Samplers, NeverChangeDebug) {
  // Somebody's own, that knows nothing of it.
  const auto off = std::make_shared<FixedSampler>(SamplingAnswer{});
  const std::vector<std::shared_ptr<Sampler>> all = {
      always_on_sampler(),
      always_off_sampler(),
      parent_based_sampler(always_off_sampler(), {.remote_sampled = always_off_sampler(),
                                                  .remote_not_sampled = always_off_sampler()}),
      probability_sampler(0),
      probability_sampler(1),
      rate_limiting_sampler(1e-6),
      rule_sampler({{.sampler = off}}, off),
  };
  for (const auto& sampler : all) {
    for (int i = 0; i < 3; ++i) {
      const SamplingAnswer answer =
          Asked{.parent = remote_parent(Sampling::kDebug, "ot=th:8")}.by(*sampler);
      EXPECT_EQ(answer.sampling, Sampling::kDebug) << sampler->description();
      EXPECT_FALSE(answer.changes_tracestate) << sampler->description();
    }
  }
}

TEST(Samplers, DescribeThemselvesAsOpenTelemetryDoes) {
  const std::pair<std::shared_ptr<Sampler>, const char*> cases[] = {
      {always_on_sampler(), "AlwaysOnSampler"},
      {always_off_sampler(), "AlwaysOffSampler"},
      {probability_sampler(0.0001), "TraceIdRatioBased{0.0001}"},
      {probability_sampler(1), "TraceIdRatioBased{1}"},
      {parent_based_sampler(always_on_sampler()), "ParentBased{AlwaysOnSampler}"},
      {parent_based_sampler(
           probability_sampler(0.25),
           {.remote_sampled = always_on_sampler(), .remote_not_sampled = probability_sampler(0.5)}),
       "ParentBased{TraceIdRatioBased{0.25},remoteParentSampled:AlwaysOnSampler,"
       "remoteParentNotSampled:TraceIdRatioBased{0.5}}"},
      {rate_limiting_sampler(12.5), "RateLimitingSampler{12.5}"},
      {rule_sampler({{.sampler = always_off_sampler()}}, always_on_sampler()),
       "RuleSampler{AlwaysOffSampler,AlwaysOnSampler}"},
  };
  for (const auto& [sampler, description] : cases) EXPECT_EQ(sampler->description(), description);
}

TEST(Samplers, SayWhatIsWrongWithAnOption) {
  const std::pair<std::function<void()>, const char*> cases[] = {
      {[] { probability_sampler(1.5); }, "option 'ratio': '1.5' is not valid: expected 0 to 1"},
      {[] { probability_sampler(-0.1); }, "'ratio': '-0.1'"},
      {[] { probability_sampler(std::nan("")); }, "'ratio': 'nan'"},
      {[] { parent_based_sampler(nullptr); }, "'root': 'null' is not valid: expected a sampler"},
      {[] { rate_limiting_sampler(0); }, "'per_second': '0' is not valid: expected 0.000001 to"},
      {[] { rate_limiting_sampler(2e6); }, "'per_second': '2000000'"},
      {[] { rate_limiting_sampler(std::nan("")); }, "'per_second': 'nan'"},
      {[] { rate_limiting_sampler(0.001, 40'000); }, "'burst': '40000' is not valid: expected"},
      {[] { rule_sampler({}, nullptr); }, "'fallback': 'null'"},
      {[] {
         rule_sampler({{.sampler = always_on_sampler()}, {}}, always_on_sampler());
       },
       "'rules[1].sampler': 'null'"},
      {[] {
         rule_sampler({{.attributes = {{"", 1}}, .sampler = always_on_sampler()}},
                      always_on_sampler());
       },
       "'rules[0].attributes': '' is not valid: expected the key"},
      {[] {
         rule_sampler({{.attributes = {{"tags", std::vector<std::string>{"a"}}},
                        .sampler = always_on_sampler()}},
                      always_on_sampler());
       },
       "'rules[0].attributes': 'tags' is not valid: expected a text, a number or a boolean"},
  };
  for (const auto& [make, message] : cases) {
    EXPECT_THAT(make, testing::ThrowsMessage<Error>(testing::HasSubstr(message)));
  }
}

}  // namespace
}  // namespace waybill
