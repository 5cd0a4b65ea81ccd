// The sections of a tree of settings as InitOptions.
#pragma once

#include <waybill/init/init_options.h>
#include <waybill/init/internal/setting_value.h>

namespace waybill::internal {

// All but log.levels and log.output. Throws Error for unknown keys and for values that are not of
// their option's type.
InitOptions read_options(const SettingValue& tree);

}  // namespace waybill::internal
