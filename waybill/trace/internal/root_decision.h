// What the sampler says of a local root.
#pragma once

#include <waybill/core/context.h>
#include <waybill/trace/internal/tracing_state.h>

namespace waybill::internal {

// Without one, what was decided elsewhere holds; what begins here is sampled or, where there is a
// tail decision, left to that. Of a trace that somebody wants to see whatever it costs, none is
// asked.
inline SamplingAnswer decide_root(const TracingState& state, const SamplingQuestion& question) {
  if (question.parent.sampling() == Sampling::kDebug) return {.sampling = Sampling::kDebug};
  SamplingAnswer answer;
  if (state.sampler != nullptr) {
    answer = state.sampler->decide(question);
  } else {
    answer.sampling = question.parent.sampling();
    if (answer.sampling == Sampling::kUndecided && !state.records_all) {
      answer.sampling = Sampling::kSampled;
    }
  }
  if (answer.sampling == Sampling::kUndecided) answer.sampling = Sampling::kDropped;
  if (state.records_all && answer.sampling == Sampling::kDropped) {
    answer.sampling = Sampling::kRecorded;
  }
  return answer;
}

}  // namespace waybill::internal
