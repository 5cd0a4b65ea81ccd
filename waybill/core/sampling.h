// Sampling: what has been decided about recording a trace. W3C Trace Context knows only whether it
// is sampled; B3, Jaeger, AWS X-Ray and others also know of a decision that is left to the
// receiver, and of a trace that somebody wants to see whatever it costs.
#pragma once

#include <cstdint>

namespace waybill {

enum class Sampling : std::uint8_t {
  kUndecided,  // nobody has decided yet, or what arrived leaves it to us
  kDropped,
  kSampled,
  kDebug,     // sampled, and no sampler is to change that
  kRecorded,  // recorded in this process, which may keep it; to others: not sampled
};

constexpr bool is_sampled(Sampling sampling) noexcept {
  return sampling == Sampling::kSampled || sampling == Sampling::kDebug;
}

}  // namespace waybill
