#include <atomic>
#include <chrono>
#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/trace/internal/sampling_fixture.h>
#include <waybill/trace/internal/token_bucket.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

using internal::Asked;
using internal::remote_parent;
using internal::TokenBucket;
using internal::tracestate_after;
using namespace std::chrono_literals;

using Time = std::chrono::steady_clock::time_point;
constexpr Time kStart{100'000s};

int take_all(TokenBucket& bucket, Time now) {
  int taken = 0;
  while (taken < 1'000'000 && bucket.take(now)) ++taken;
  return taken;
}

TEST(TokenBucket, BeginsFull) {
  TokenBucket bucket(10, 25);
  EXPECT_EQ(take_all(bucket, kStart), 25);
}

TEST(TokenBucket, BringsATokenAtATime) {
  TokenBucket bucket(10, 5);
  take_all(bucket, kStart);
  EXPECT_FALSE(bucket.take(kStart + 99ms));
  EXPECT_TRUE(bucket.take(kStart + 100ms));
  EXPECT_FALSE(bucket.take(kStart + 100ms));
  EXPECT_EQ(take_all(bucket, kStart + 400ms), 3);
}

TEST(TokenBucket, IsNeverFullerThanItsBurst) {
  TokenBucket bucket(10, 5);
  take_all(bucket, kStart);
  EXPECT_EQ(take_all(bucket, kStart + 24h), 5);
}

TEST(TokenBucket, TakesATimeThatGoesBackAsNoTime) {
  TokenBucket bucket(10, 5);
  take_all(bucket, kStart);
  EXPECT_FALSE(bucket.take(kStart - 1h));
  EXPECT_TRUE(bucket.take(kStart + 100ms));
}

TEST(TokenBucket, KeepsItsRateWhereItDoesNotDivideASecond) {
  for (const double rate : {0.01, 0.3, 3.0, 7'000.0, 999'500.25}) {
    TokenBucket bucket(rate, 2);
    int taken = 0;
    const double seconds = 100'000 / rate;
    for (int i = 0; i < 400'000; ++i) {
      const auto since = std::chrono::duration<double>(seconds * i / 400'000);
      taken += bucket.take(kStart + std::chrono::duration_cast<std::chrono::nanoseconds>(since));
    }
    EXPECT_NEAR(taken, 100'000, 10) << rate;
  }
}

TEST(TokenBucket, GivesNoTokenToTwoThreads) {
  TokenBucket bucket(1, 1'000'000);
  std::atomic<int> taken = 0;
  std::latch all_there(4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      all_there.arrive_and_wait();
      int mine = 0;
      while (mine <= 1'000'000 && bucket.take(kStart)) ++mine;
      taken += mine;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 1'000'000);
}

// In no time from one moment to another are there more than the burst and what the time brings.
RC_GTEST_PROP(TokenBucketProperty, HoldsItsRate, ()) {
  const int rate = *rc::gen::inRange(1, 1'000);
  const int burst = *rc::gen::inRange(1, 100);
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5'000'000));
  TokenBucket bucket(rate, burst);
  Time now = kStart;
  int taken = 0;
  for (const int step : steps) {
    now += std::chrono::nanoseconds(step);
    taken += bucket.take(now);
    RC_ASSERT(taken <= burst + std::chrono::duration<double>(now - kStart).count() * rate + 1e-6);
  }
}

TEST(RateLimitingSampler, SamplesABurstAndDropsTheRest) {
  const auto sampler = rate_limiting_sampler(1e-3, 3);
  std::vector<bool> sampled;
  for (int i = 0; i < 5; ++i) {
    sampled.push_back(Asked{}.by(*sampler).sampling == Sampling::kSampled);
  }
  EXPECT_EQ(sampled, (std::vector{true, true, true, false, false}));
}

TEST(RateLimitingSampler, HasTheBurstOfASecondWhereNoneIsGiven) {
  const struct {
    double per_second;
    int at_once;
  } cases[] = {{0.001, 1}, {1, 1}, {20, 20}};
  for (const auto& [per_second, at_once] : cases) {
    const auto sampler = rate_limiting_sampler(per_second);
    for (int i = 0; i < at_once; ++i) {
      EXPECT_EQ(Asked{}.by(*sampler).sampling, Sampling::kSampled);
    }
  }
  const auto one = rate_limiting_sampler(0.001);
  Asked{}.by(*one);
  EXPECT_EQ(Asked{}.by(*one).sampling, Sampling::kDropped);
}

TEST(RateLimitingSampler, TellsNoProbability) {
  const auto sampler = rate_limiting_sampler(1e-3);
  for (const Sampling expected : {Sampling::kSampled, Sampling::kDropped}) {
    const Asked asked{.parent = remote_parent(Sampling::kUndecided, "ot=th:8;p:1,a=1")};
    const SamplingAnswer answer = asked.by(*sampler);
    EXPECT_EQ(answer.sampling, expected);
    EXPECT_EQ(tracestate_after(answer, asked.parent), "ot=p:1,a=1");
  }
}

}  // namespace
}  // namespace waybill
