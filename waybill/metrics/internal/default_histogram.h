// What a histogram becomes whose maker has left the choice, as it is set up: see metering.h.
#pragma once

namespace waybill::internal {

void set_exponential_by_default(bool exponential) noexcept;
bool is_exponential_by_default() noexcept;

}  // namespace waybill::internal
