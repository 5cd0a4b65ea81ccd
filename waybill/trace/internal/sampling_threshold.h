// What samplers do with OpenTelemetry's thresholds ("TraceState: Probability Sampling").
#pragma once

#include <cstdint>
#include <optional>

#include <waybill/trace/internal/ot_tracestate.h>
#include <waybill/trace/sampler.h>

namespace waybill::internal {

// A trace is sampled with this probability where its randomness is at least the threshold. Rounded
// to four significant digits, as counted from the first that is not `f`. kAllRandomness: no trace
// is. `ratio`: 0 to 1.
std::uint64_t threshold_of_ratio(double ratio) noexcept;

// The 56 bits of the trace by which is decided.
std::uint64_t randomness_of(const TraceId& id, const OtTracestate& ot) noexcept;

// The answer whose tracestate says that the trace was sampled with this threshold or, without one,
// that the probability is unknown. `parent` is the parent's tracestate.
SamplingAnswer answer_with_threshold(Sampling sampling, std::string_view parent,
                                     std::optional<std::uint64_t> threshold) noexcept;

// Whether somebody wants to see this trace, which no sampler is to change.
inline bool is_debug(const SamplingQuestion& question) noexcept {
  return question.parent.sampling() == Sampling::kDebug;
}

}  // namespace waybill::internal
