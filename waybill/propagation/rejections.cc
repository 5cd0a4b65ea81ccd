#include <array>
#include <atomic>

#include <waybill/propagation/internal/rejection_counters.h>
#include <waybill/propagation/rejections.h>

namespace waybill {
namespace {

using internal::Rejection;

std::array<std::atomic<std::uint64_t>, internal::kRejections> counters{};

std::uint64_t count_of(Rejection reason) noexcept {
  return counters[static_cast<std::size_t>(reason)].load(std::memory_order_relaxed);
}

}  // namespace

namespace internal {

void count_rejection(Rejection reason, std::uint64_t times) noexcept {
  counters[static_cast<std::size_t>(reason)].fetch_add(times, std::memory_order_relaxed);
}

}  // namespace internal

std::uint64_t RejectionCounts::total() const noexcept {
  return traceparent_malformed + traceparent_version + traceparent_zero_id + tracestate_malformed +
         tracestate_too_long + x_trace_id_malformed + x_trace_id_too_long + x_trace_id_zero_id +
         baggage_malformed + baggage_too_long + envelope_not_json_object + envelope_malformed +
         envelope_fields_dropped;
}

RejectionCounts rejections() noexcept {
  return {
      .traceparent_malformed = count_of(Rejection::kTraceparentMalformed),
      .traceparent_version = count_of(Rejection::kTraceparentVersion),
      .traceparent_zero_id = count_of(Rejection::kTraceparentZeroId),
      .tracestate_malformed = count_of(Rejection::kTracestateMalformed),
      .tracestate_too_long = count_of(Rejection::kTracestateTooLong),
      .x_trace_id_malformed = count_of(Rejection::kXTraceIdMalformed),
      .x_trace_id_too_long = count_of(Rejection::kXTraceIdTooLong),
      .x_trace_id_zero_id = count_of(Rejection::kXTraceIdZeroId),
      .baggage_malformed = count_of(Rejection::kBaggageMalformed),
      .baggage_too_long = count_of(Rejection::kBaggageTooLong),
      .envelope_not_json_object = count_of(Rejection::kEnvelopeNotJsonObject),
      .envelope_malformed = count_of(Rejection::kEnvelopeMalformed),
      .envelope_fields_dropped = count_of(Rejection::kEnvelopeFieldsDropped),
  };
}

}  // namespace waybill
