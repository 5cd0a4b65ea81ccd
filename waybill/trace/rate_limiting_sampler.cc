#include <algorithm>
#include <chrono>

#include <waybill/core/error.h>
#include <waybill/trace/internal/decimal_text.h>
#include <waybill/trace/internal/sampling_threshold.h>
#include <waybill/trace/internal/token_bucket.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

constexpr double kSecondsOfAYear = 365.0 * 24 * 3600;

class RateLimitingSampler final : public Sampler {
 public:
  RateLimitingSampler(double per_second, double burst)
      : per_second_(per_second), bucket_(per_second, burst) {}

  SamplingAnswer decide(const SamplingQuestion& question) noexcept override {
    if (internal::is_debug(question)) return {.sampling = Sampling::kDebug};
    const bool sampled = bucket_.take(std::chrono::steady_clock::now());
    // With what probability, nobody knows.
    return internal::answer_with_threshold(sampled ? Sampling::kSampled : Sampling::kDropped,
                                           question.parent.tracestate(), std::nullopt);
  }

  std::string description() const override {
    return "RateLimitingSampler{" + internal::decimal_text(per_second_) + '}';
  }

 private:
  const double per_second_;
  internal::TokenBucket bucket_;
};

}  // namespace

std::shared_ptr<Sampler> rate_limiting_sampler(double per_second, std::uint32_t burst) {
  if (!(per_second >= 1e-6 && per_second <= 1e6)) {
    throw Error::bad_option("per_second", internal::decimal_text(per_second),
                            "0.000001 to 1000000");
  }
  const double most = burst != 0 ? burst : std::max(1.0, per_second);
  if (most / per_second > kSecondsOfAYear) {
    throw Error::bad_option(
        "burst", std::to_string(burst),
        "at most what a year brings at per_second " + internal::decimal_text(per_second));
  }
  return std::make_shared<RateLimitingSampler>(per_second, most);
}

}  // namespace waybill
