// The sections [traces], [metrics] and [otlp] of a tree of settings.
#pragma once

#include <waybill/init/init_export_options.h>
#include <waybill/init/internal/setting_value.h>

namespace waybill::internal {

// Each: the section may be null. Throws Error for unknown keys and for values that are not of their
// option's type.
InitTracesOptions read_traces(const SettingValue* section);
InitMetricsOptions read_metrics(const SettingValue* section);
InitOtlpOptions read_otlp(const SettingValue* section);

}  // namespace waybill::internal
