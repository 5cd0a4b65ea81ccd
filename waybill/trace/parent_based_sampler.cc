#include <algorithm>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/trace/internal/sampling_threshold.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

using internal::answer_with_threshold;
using internal::OtTracestate;
using internal::randomness_of;
using internal::read_ot_tracestate;

class ParentBasedSampler final : public Sampler {
 public:
  ParentBasedSampler(std::shared_ptr<Sampler> root, ParentBasedOptions options)
      : root_(std::move(root)), options_(std::move(options)) {}

  SamplingAnswer decide(const SamplingQuestion& question) noexcept override {
    switch (question.parent.sampling()) {
      case Sampling::kUndecided:
        return root_->decide(question);
      case Sampling::kSampled:
        return decide_sampled(question);
      case Sampling::kDropped:
        return decide_not_sampled(question);
      case Sampling::kRecorded:
      case Sampling::kDebug:
        break;
    }
    return {.sampling = question.parent.sampling()};
  }

  std::string description() const override {
    std::string text = "ParentBased{" + root_->description();
    if (options_.remote_sampled != nullptr) {
      text += ",remoteParentSampled:" + options_.remote_sampled->description();
    }
    if (options_.remote_not_sampled != nullptr) {
      text += ",remoteParentNotSampled:" + options_.remote_not_sampled->description();
    }
    return text + '}';
  }

 private:
  SamplingAnswer decide_sampled(const SamplingQuestion& question) const noexcept {
    const std::string_view tracestate = question.parent.tracestate();
    const OtTracestate parent = read_ot_tracestate(tracestate);
    // One that says that the trace was not to be sampled is not true.
    std::optional<std::uint64_t> threshold = parent.threshold;
    if (threshold && randomness_of(question.trace_id, parent) < *threshold) threshold.reset();
    if (options_.remote_sampled == nullptr) {
      return answer_with_threshold(Sampling::kSampled, tracestate, threshold);
    }

    SamplingAnswer answer = options_.remote_sampled->decide(question);
    if (answer.sampling != Sampling::kSampled) return answer;
    // Sampled by both. The rarer of the two says how often that is.
    const auto own =
        answer.changes_tracestate ? read_ot_tracestate(answer.tracestate) : OtTracestate(parent);
    threshold = threshold && own.threshold ? std::optional(std::max(*threshold, *own.threshold))
                                           : std::nullopt;
    return again(std::move(answer), tracestate, threshold);
  }

  SamplingAnswer decide_not_sampled(const SamplingQuestion& question) const noexcept {
    if (options_.remote_not_sampled == nullptr) return {.sampling = Sampling::kDropped};
    SamplingAnswer answer = options_.remote_not_sampled->decide(question);
    if (answer.sampling != Sampling::kSampled) return answer;
    // Of those that others have dropped: what share of all traces these are, nobody knows.
    return again(std::move(answer), question.parent.tracestate(), std::nullopt);
  }

  // What the sampler asked has answered, with a threshold that holds.
  static SamplingAnswer again(SamplingAnswer answer, std::string_view parent,
                              std::optional<std::uint64_t> threshold) noexcept {
    const std::string_view tracestate = answer.changes_tracestate ? answer.tracestate : parent;
    SamplingAnswer changed = answer_with_threshold(answer.sampling, tracestate, threshold);
    return changed.changes_tracestate ? changed : answer;
  }

  const std::shared_ptr<Sampler> root_;
  const ParentBasedOptions options_;
};

}  // namespace

std::shared_ptr<Sampler> parent_based_sampler(std::shared_ptr<Sampler> root,
                                              ParentBasedOptions options) {
  if (root == nullptr) throw Error::bad_option("root", "null", "a sampler");
  return std::make_shared<ParentBasedSampler>(std::move(root), std::move(options));
}

}  // namespace waybill
