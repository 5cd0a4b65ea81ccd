// TracesSettings: what tracing is set up with, from code, the file and the environment.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <waybill/init/internal/export_targets.h>
#include <waybill/init/internal/otlp_settings.h>
#include <waybill/trace/tracing.h>

namespace waybill::internal {

struct TracesSettings {
  std::vector<SpanExporterName> exporters = {};  // each once
  std::optional<ExportFile> file = std::nullopt;
  std::vector<std::shared_ptr<SpanExporter>> own_exporters = {};
  std::string zipkin_endpoint = "http://localhost:9411/api/v2/spans";
  std::string zipkin_place = "default";  // where it was set
  std::shared_ptr<Sampler> sampler = nullptr;
  std::optional<TailOptions> tail = std::nullopt;
  SpanLimits limits = {};
  OtlpSettings otlp = {};
};

// Throws Error for a sampler that there is not.
TracesSettings traces_settings_of(const Layers& layers, const Environment& environment);

}  // namespace waybill::internal
