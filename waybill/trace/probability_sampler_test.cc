#include <cstdint>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/trace/internal/sampling_fixture.h>
#include <waybill/trace/internal/sampling_threshold.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

using internal::Asked;
using internal::id_with_randomness;
using internal::remote_parent;
using internal::tracestate_after;

constexpr std::uint64_t kHalf = std::uint64_t{1} << 55;

TEST(ProbabilitySampler, DecidesByTheLastSevenBytesOfTheTraceId) {
  const auto sampler = probability_sampler(0.5);
  EXPECT_EQ(Asked{.trace_id = id_with_randomness(kHalf - 1)}.by(*sampler).sampling,
            Sampling::kDropped);
  EXPECT_EQ(Asked{.trace_id = id_with_randomness(kHalf)}.by(*sampler).sampling, Sampling::kSampled);
  EXPECT_EQ(Asked{.trace_id = *TraceId::from_hex("00000000000000ff7fffffffffffffff")}
                .by(*sampler)
                .sampling,
            Sampling::kSampled)
      << "the eighth byte has no part in it";
}

TEST(ProbabilitySampler, DecidesByTheRandomValueWhereThereIsOne) {
  const auto sampler = probability_sampler(0.5);
  const struct {
    const char* tracestate;
    std::uint64_t id;
    Sampling expected;
  } cases[] = {
      {"ot=rv:80000000000000", 0, Sampling::kSampled},
      {"ot=rv:7fffffffffffff", kHalf, Sampling::kDropped},
      {"a=1,ot=p:1;rv:7fffffffffffff;q:2", kHalf, Sampling::kDropped},
      // Not 14 lowercase digits.
      {"ot=rv:7fffffffffff", kHalf, Sampling::kSampled},
      {"ot=rv:7FFFFFFFFFFFFF", kHalf, Sampling::kSampled},
      {"ot=rv:7fffffffffffff0", kHalf, Sampling::kSampled},
      {"ot=xrv:7fffffffffffff", kHalf, Sampling::kSampled},
      {"a=rv:7fffffffffffff", kHalf, Sampling::kSampled},
  };
  for (const auto& [tracestate, id, expected] : cases) {
    const Asked asked{.parent =
                          remote_parent(Sampling::kUndecided, tracestate, id_with_randomness(id))};
    EXPECT_EQ(asked.by(*sampler).sampling, expected) << tracestate;
  }
}

// TraceIdRatioBased leaves the parent's decision to ParentBased.
TEST(ProbabilitySampler, DoesNotAskWhatTheParentWas) {
  const auto sampler = probability_sampler(0.5);
  for (const Sampling parent : {Sampling::kDropped, Sampling::kSampled, Sampling::kUndecided}) {
    EXPECT_EQ(
        Asked{.parent = remote_parent(parent, {}, id_with_randomness(kHalf))}.by(*sampler).sampling,
        Sampling::kSampled);
    EXPECT_EQ(Asked{.parent = remote_parent(parent, {}, id_with_randomness(kHalf - 1))}
                  .by(*sampler)
                  .sampling,
              Sampling::kDropped);
  }
}

TEST(ProbabilitySampler, SaysWithWhatProbabilityItHasSampled) {
  const auto sampler = probability_sampler(0.01);
  const struct {
    const char* before;
    const char* after;
  } cases[] = {
      {"", "ot=th:fd70a"},
      {"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
       "ot=th:fd70a,rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"},
      {"rojo=1,ot=p:8;th:8;r:62", "ot=th:fd70a;p:8;r:62,rojo=1"},
  };
  for (const auto& [before, after] : cases) {
    const Asked asked{.parent = remote_parent(Sampling::kUndecided, before,
                                              id_with_randomness(0xffffffffffffff))};
    const SamplingAnswer answer = asked.by(*sampler);
    EXPECT_EQ(answer.sampling, Sampling::kSampled);
    EXPECT_EQ(tracestate_after(answer, asked.parent), after);
  }
}

// Whoever follows a threshold would sample behind a process that has not.
TEST(ProbabilitySampler, LeavesNoThresholdWhereItDrops) {
  const Asked asked{
      .parent = remote_parent(Sampling::kSampled, "ot=th:4;p:8,a=1", id_with_randomness(kHalf))};
  const SamplingAnswer answer = asked.by(*probability_sampler(0.25));
  EXPECT_EQ(answer.sampling, Sampling::kDropped);
  EXPECT_EQ(tracestate_after(answer, asked.parent), "ot=p:8,a=1");
}

TEST(ProbabilitySampler, SamplesAllOrNoneAtTheEnds) {
  const auto all = probability_sampler(1);
  EXPECT_EQ(Asked{.trace_id = id_with_randomness(0)}.by(*all).sampling, Sampling::kSampled);
  EXPECT_EQ(Asked{.trace_id = id_with_randomness(0)}.by(*all).tracestate, "ot=th:0");
  for (const double none : {0.0, 1e-18}) {
    const auto sampler = probability_sampler(none);
    EXPECT_EQ(Asked{.trace_id = id_with_randomness(0xffffffffffffff)}.by(*sampler).sampling,
              Sampling::kDropped);
  }
}

TEST(ProbabilitySampler, SamplesItsShareOfRandomIds) {
  const auto sampler = probability_sampler(0.1);
  int sampled = 0;
  for (int i = 0; i < 100'000; ++i) sampled += Asked{}.by(*sampler).sampling == Sampling::kSampled;
  EXPECT_NEAR(sampled, 10'000, 600);  // six standard deviations
}

// An id that follows from a name is as good as random, though it does not have the flag.
TEST(ProbabilitySampler, SamplesItsShareOfNamedTraces) {
  const auto sampler = probability_sampler(0.1);
  int sampled = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Asked asked{.trace_id = TraceId::from_name("job-" + std::to_string(i))};
    sampled += asked.by(*sampler).sampling == Sampling::kSampled;
  }
  EXPECT_NEAR(sampled, 2'000, 255);
}

// "TraceState: Probability Sampling", the table of 1-in-N thresholds with four digits.
TEST(SamplingThreshold, IsRoundedAsOpenTelemetryHasIt) {
  const struct {
    double ratio;
    const char* tracestate;
  } cases[] = {
      {1, "ot=th:0"},           {0.5, "ot=th:8"},
      {1.0 / 3, "ot=th:aaab"},  {0.25, "ot=th:c"},
      {0.2, "ot=th:cccd"},      {0.125, "ot=th:e"},
      {0.1, "ot=th:e666"},      {0.0625, "ot=th:f"},
      {0.01, "ot=th:fd70a"},    {0.001, "ot=th:ffbe77"},
      {1e-4, "ot=th:fff9724"},  {1e-5, "ot=th:ffff583a"},
      {1e-6, "ot=th:ffffef39"}, {0x1p-56, "ot=th:ffffffffffffff"},
  };
  for (const auto& [ratio, tracestate] : cases) {
    EXPECT_EQ(internal::with_threshold("", internal::threshold_of_ratio(ratio)), tracestate);
  }
}

// Consistent: whoever samples more has all the traces of one who samples less, and none that it
// sampled itself is against the threshold that it tells.
RC_GTEST_PROP(ProbabilitySamplerProperty, DecidesConsistently, ()) {
  const auto ratio = [] {
    return *rc::gen::map(rc::gen::inRange(0, 100'001), [](int n) { return n / 100'000.0; });
  };
  double less = ratio();
  double more = ratio();
  if (less > more) std::swap(less, more);
  const Asked asked{.trace_id = id_with_randomness(*rc::gen::arbitrary<std::uint64_t>())};
  const SamplingAnswer few = asked.by(*probability_sampler(less));
  const SamplingAnswer many = asked.by(*probability_sampler(more));
  RC_ASSERT(few.sampling == Sampling::kDropped || many.sampling == Sampling::kSampled);
  for (const SamplingAnswer& answer : {few, many}) {
    if (answer.sampling != Sampling::kSampled) continue;
    const auto ot = internal::read_ot_tracestate(answer.tracestate);
    RC_ASSERT(ot.threshold.has_value());
    RC_ASSERT(internal::randomness_of(asked.trace_id, ot) >= *ot.threshold);
  }
}

}  // namespace
}  // namespace waybill
