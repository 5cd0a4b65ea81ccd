// What this process refused to take over from outside, by reason.
#pragma once

#include <cstdint>

namespace waybill {

// Each counts values, not messages: one message may add to several. "Malformed" is a value against
// the format's grammar, an id of zeros where no reason of its own is named, and several headers
// where there may be one.
struct RejectionCounts {
  std::uint64_t traceparent_malformed = 0;
  std::uint64_t traceparent_version = 0;  // the forbidden version ff
  std::uint64_t traceparent_zero_id = 0;  // trace id or span id all zero
  std::uint64_t tracestate_malformed = 0;
  std::uint64_t tracestate_too_long = 0;  // too many members, or too long to be read at all
  std::uint64_t x_trace_id_malformed = 0;
  std::uint64_t x_trace_id_too_long = 0;  // more than 128 characters
  std::uint64_t x_trace_id_zero_id = 0;
  std::uint64_t b3_malformed = 0;  // either kind
  std::uint64_t jaeger_malformed = 0;
  std::uint64_t xray_malformed = 0;
  std::uint64_t cloud_trace_malformed = 0;
  std::uint64_t datadog_malformed = 0;
  std::uint64_t baggage_malformed = 0;         // members that were left out
  std::uint64_t baggage_too_long = 0;          // members, or whole headers, beyond the limits
  std::uint64_t envelope_not_json_object = 0;  // the payload: invalid, no object, nested too deep
  std::uint64_t envelope_malformed = 0;        // `_trace`: no object, or ids that are not valid
  std::uint64_t envelope_fields_dropped = 0;   // fields of other types, too many or too long

  std::uint64_t total() const noexcept;
  friend bool operator==(const RejectionCounts&, const RejectionCounts&) noexcept = default;
};

// The counts since the process began. Thread-safe and cheap; each number is exact, but they are not
// read at one instant.
RejectionCounts rejections() noexcept;

}  // namespace waybill
