// The process-wide counters behind rejections().
#pragma once

#include <cstdint>

#include <waybill/propagation/rejections.h>

namespace waybill::internal {

// Which of the numbers: &RejectionCounts::b3_malformed.
using Rejection = std::uint64_t RejectionCounts::*;

void count_rejection(Rejection reason, std::uint64_t times = 1) noexcept;

}  // namespace waybill::internal
