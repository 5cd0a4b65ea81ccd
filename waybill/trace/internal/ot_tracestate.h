// The member `ot` of the header tracestate, in which OpenTelemetry keeps what samplers tell each
// other ("TraceState Handling"): "ot=th:fd70a;rv:6e6d1a75832a2f".
//
// What cannot be read is passed on as it is, or as if it were not there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::internal {

// Sampling is decided by comparing numbers of 56 bits.
inline constexpr std::uint64_t kAllRandomness = std::uint64_t{1} << 56;

struct OtTracestate {
  // Sub-key `th`: traces whose randomness is below it were not sampled.
  std::optional<std::uint64_t> threshold;
  // Sub-key `rv`: in place of the trace id's.
  std::optional<std::uint64_t> randomness;
  // A `th` is there, be it readable or not.
  bool has_threshold = false;
};

// Of a tracestate that is valid as W3C Trace Context has it.
OtTracestate read_ot_tracestate(std::string_view tracestate) noexcept;

// The tracestate with this threshold, below kAllRandomness, or without any. Everything else in it
// stays, but that `ot` is put in front, and that what is too much for a tracestate goes by the rule
// of W3C Trace Context Level 2, section 3.3.3.1: members of more than 128 characters first, then
// the last ones. Throws std::bad_alloc.
std::string with_threshold(std::string_view tracestate, std::optional<std::uint64_t> threshold);

}  // namespace waybill::internal
