// The process-wide counters behind rejections().
#pragma once

#include <cstddef>
#include <cstdint>

namespace waybill::internal {

// One for each number in RejectionCounts, in its order.
enum class Rejection : std::uint8_t {
  kTraceparentMalformed,
  kTraceparentVersion,
  kTraceparentZeroId,
  kTracestateMalformed,
  kTracestateTooLong,
  kXTraceIdMalformed,
  kXTraceIdTooLong,
  kXTraceIdZeroId,
  kBaggageMalformed,
  kBaggageTooLong,
  kEnvelopeNotJsonObject,
  kEnvelopeMalformed,
  kEnvelopeFieldsDropped,
};
inline constexpr std::size_t kRejections = 13;

void count_rejection(Rejection reason, std::uint64_t times = 1) noexcept;

}  // namespace waybill::internal
