// What [traces], [metrics] and [otlp] of one source of options are checked for by itself.
#pragma once

#include <waybill/init/internal/options_layer.h>

namespace waybill::internal {

// Throws Error for values out of range, for a sampler that there is not, and for null pointers.
// Endpoints and files are looked at by the exporters that use them.
void check_exports(const OptionsLayer& layer);

}  // namespace waybill::internal
