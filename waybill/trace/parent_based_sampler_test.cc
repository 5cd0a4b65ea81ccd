#include <gtest/gtest.h>

#include <waybill/trace/internal/sampling_fixture.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

using internal::Asked;
using internal::FixedSampler;
using internal::id_with_randomness;
using internal::remote_parent;
using internal::tracestate_after;

TEST(ParentBasedSampler, AsksTheRootSamplerWhereATraceBegins) {
  EXPECT_EQ(Asked{}.by(*parent_based_sampler(always_on_sampler())).sampling, Sampling::kSampled);
  EXPECT_EQ(Asked{}.by(*parent_based_sampler(always_off_sampler())).sampling, Sampling::kDropped);
}

TEST(ParentBasedSampler, AsksTheRootSamplerWhereTheDecisionIsLeftToUs) {
  const Asked asked{.parent = remote_parent(Sampling::kUndecided)};
  EXPECT_EQ(asked.by(*parent_based_sampler(always_on_sampler())).sampling, Sampling::kSampled);
  EXPECT_EQ(asked.by(*parent_based_sampler(always_off_sampler())).sampling, Sampling::kDropped);
}

// Context::with_sampling(), before there is a trace.
TEST(ParentBasedSampler, KeepsWhatWasDecidedOfATraceThatIsToBegin) {
  const auto sampler = parent_based_sampler(always_on_sampler());
  const Asked asked{.parent = Context().with_sampling(Sampling::kDropped)};
  EXPECT_EQ(asked.by(*sampler).sampling, Sampling::kDropped);
}

TEST(ParentBasedSampler, KeepsWhatTheParentHas) {
  const auto root = std::make_shared<FixedSampler>(SamplingAnswer{});
  const auto sampler = parent_based_sampler(root);
  for (const Sampling parent :
       {Sampling::kDropped, Sampling::kSampled, Sampling::kDebug, Sampling::kRecorded}) {
    const SamplingAnswer answer =
        Asked{.parent = remote_parent(parent, "congo=t61rcWkgMzE")}.by(*sampler);
    EXPECT_EQ(answer.sampling, parent);
    EXPECT_FALSE(answer.changes_tracestate);
  }
  EXPECT_EQ(root->asked, 0);
}

TEST(ParentBasedSampler, AsksOthersWhereItIsToldTo) {
  const auto on = std::make_shared<FixedSampler>(SamplingAnswer{.sampling = Sampling::kRecorded});
  const auto off = std::make_shared<FixedSampler>(SamplingAnswer{.sampling = Sampling::kSampled});
  const auto sampler =
      parent_based_sampler(always_off_sampler(), {.remote_sampled = on, .remote_not_sampled = off});
  EXPECT_EQ(Asked{.parent = remote_parent(Sampling::kSampled)}.by(*sampler).sampling,
            Sampling::kRecorded);
  EXPECT_EQ(on->asked, 1);
  EXPECT_EQ(Asked{.parent = remote_parent(Sampling::kDropped)}.by(*sampler).sampling,
            Sampling::kSampled);
  EXPECT_EQ(off->asked, 1);
}

struct ThresholdCase {
  const char* what;
  const char* parent;
  const char* after;
};

TEST(ParentBasedSampler, PassesOnTheThresholdThatHolds) {
  const ThresholdCase cases[] = {
      {"above it", "ot=th:8,a=1", "ot=th:8,a=1"},
      {"none", "a=1", "a=1"},
      {"the parent cannot have been sampled by it", "a=1,ot=th:d", "a=1"},
      {"the same by rv", "a=1,ot=th:8;rv:7fffffffffffff", "ot=rv:7fffffffffffff,a=1"},
      {"not by rv", "ot=th:d;rv:d0000000000000", "ot=th:d;rv:d0000000000000"},
      {"unreadable", "ot=th:xyz;p:1", "ot=p:1"},
  };
  const auto sampler = parent_based_sampler(always_on_sampler());
  const TraceId id = id_with_randomness(0xc0000000000000);
  for (const auto& [what, parent, after] : cases) {
    const Asked asked{.parent = remote_parent(Sampling::kSampled, parent, id)};
    EXPECT_EQ(tracestate_after(asked.by(*sampler), asked.parent), after) << what;
  }
}

// A trace that both have sampled is as rare as the rarer one makes it.
TEST(ParentBasedSampler, TellsTheRarerOfTwoProbabilities) {
  const ThresholdCase cases[] = {
      {"the sampler's", "ot=th:4", "ot=th:8"},
      {"the parent's", "ot=th:a", "ot=th:a"},
      {"the same", "ot=th:8", "ot=th:8"},
      {"the parent's is not known", "b=2", "b=2"},
      {"others stay", "b=2,ot=p:1;th:9", "ot=th:9;p:1,b=2"},
  };
  const auto sampler =
      parent_based_sampler(always_on_sampler(), {.remote_sampled = probability_sampler(0.5)});
  const TraceId id = id_with_randomness(0xc0000000000000);
  for (const auto& [what, parent, after] : cases) {
    const Asked asked{.parent = remote_parent(Sampling::kSampled, parent, id)};
    const SamplingAnswer answer = asked.by(*sampler);
    EXPECT_EQ(answer.sampling, Sampling::kSampled) << what;
    EXPECT_EQ(tracestate_after(answer, asked.parent), after) << what;
  }
}

TEST(ParentBasedSampler, TellsNoProbabilityOfWhatOthersHaveDropped) {
  const auto sampler =
      parent_based_sampler(always_on_sampler(), {.remote_not_sampled = probability_sampler(0.5)});
  const Asked asked{
      .parent = remote_parent(Sampling::kDropped, "b=2", id_with_randomness(0xc0000000000000))};
  const SamplingAnswer answer = asked.by(*sampler);
  EXPECT_EQ(answer.sampling, Sampling::kSampled);
  EXPECT_EQ(tracestate_after(answer, asked.parent), "b=2");
}

}  // namespace
}  // namespace waybill
