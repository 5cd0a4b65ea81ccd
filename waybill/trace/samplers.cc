#include <waybill/core/error.h>
#include <waybill/trace/internal/sampling_threshold.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

using internal::answer_with_threshold;
using internal::is_debug;

class AlwaysOnSampler final : public Sampler {
 public:
  SamplingAnswer decide(const SamplingQuestion& question) noexcept override {
    if (is_debug(question)) return {.sampling = Sampling::kDebug};
    // Of what others say of their own sampling, nothing is left. Where nobody says anything, a `th`
    // of 0 would be in every header for nothing.
    const std::string_view parent = question.parent.tracestate();
    if (!internal::read_ot_tracestate(parent).has_threshold)
      return {.sampling = Sampling::kSampled};
    return answer_with_threshold(Sampling::kSampled, parent, 0);
  }
  std::string description() const override { return "AlwaysOnSampler"; }
};

class AlwaysOffSampler final : public Sampler {
 public:
  SamplingAnswer decide(const SamplingQuestion& question) noexcept override {
    if (is_debug(question)) return {.sampling = Sampling::kDebug};
    return answer_with_threshold(Sampling::kDropped, question.parent.tracestate(), std::nullopt);
  }
  std::string description() const override { return "AlwaysOffSampler"; }
};

}  // namespace

std::shared_ptr<Sampler> always_on_sampler() {
  return std::make_shared<AlwaysOnSampler>();
}

std::shared_ptr<Sampler> always_off_sampler() {
  return std::make_shared<AlwaysOffSampler>();
}

}  // namespace waybill
