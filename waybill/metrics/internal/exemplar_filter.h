// The filter that is set: see metering.h.
#pragma once

#include <waybill/metrics/metering.h>

namespace waybill::internal {

void set_exemplar_filter(ExemplarFilter filter) noexcept;

}  // namespace waybill::internal
