// MetricsSettings: what metrics are set up with, from code, the file and the environment.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include <waybill/init/internal/export_targets.h>
#include <waybill/init/internal/otlp_settings.h>
#include <waybill/metrics/metering.h>

namespace waybill::internal {

struct MetricsSettings {
  std::vector<MetricExporterName> exporters = {};  // each once
  std::optional<ExportFile> file = std::nullopt;
  std::vector<std::shared_ptr<MetricExporter>> own_exporters = {};
  std::chrono::milliseconds interval = MetricsOptions().interval;
  std::chrono::milliseconds timeout = MetricsOptions().timeout;
  ExemplarFilter exemplar_filter = ExemplarFilter::kTraceBased;
  bool pipeline = false;
  OtlpSettings otlp = {};
};

// Throws Error as otlp_settings_of() does.
MetricsSettings metrics_settings_of(const Layers& layers, const Environment& environment);

}  // namespace waybill::internal
