#include <waybill/core/error.h>
#include <waybill/trace/internal/decimal_text.h>
#include <waybill/trace/internal/sampling_threshold.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

class ProbabilitySampler final : public Sampler {
 public:
  explicit ProbabilitySampler(double ratio)
      : ratio_(ratio), threshold_(internal::threshold_of_ratio(ratio)) {}

  SamplingAnswer decide(const SamplingQuestion& question) noexcept override {
    if (internal::is_debug(question)) return {.sampling = Sampling::kDebug};
    const std::string_view parent = question.parent.tracestate();
    const auto ot = internal::read_ot_tracestate(parent);
    if (internal::randomness_of(question.trace_id, ot) < threshold_) {
      // A threshold that others have left would have those behind us sample without us.
      return internal::answer_with_threshold(Sampling::kDropped, parent, std::nullopt);
    }
    return internal::answer_with_threshold(Sampling::kSampled, parent, threshold_);
  }

  std::string description() const override {
    return "TraceIdRatioBased{" + internal::decimal_text(ratio_) + '}';
  }

 private:
  const double ratio_;
  const std::uint64_t threshold_;
};

}  // namespace

std::shared_ptr<Sampler> probability_sampler(double ratio) {
  if (!(ratio >= 0 && ratio <= 1)) {
    throw Error::bad_option("ratio", internal::decimal_text(ratio), "0 to 1");
  }
  return std::make_shared<ProbabilitySampler>(ratio);
}

}  // namespace waybill
