// Who measures, as it is set: see metering.h.
#pragma once

#include <waybill/pipeline/resource.h>

namespace waybill::internal {

Resource metric_resource();

}  // namespace waybill::internal
