// The exporters of all signals, from their settings.
#pragma once

#include <memory>
#include <vector>

#include <waybill/init/internal/settings.h>

namespace waybill::internal {

// Each makes what its settings name, and opens files. Throws Error, with the place of the option
// that is in the way.
std::vector<std::shared_ptr<SpanExporter>> make_exporters(const TracesSettings& traces);
std::vector<std::shared_ptr<MetricExporter>> make_exporters(const MetricsSettings& metrics);
std::vector<LogOutput> make_exporters(const LogSettings& log);

}  // namespace waybill::internal
