// Settings: what init() sets up, put together from code, the file and the environment. Checked:
// what can still fail is opening the outputs and making the exporters.
#pragma once

#include <string>
#include <vector>

#include <waybill/init/init_options.h>
#include <waybill/init/internal/environment.h>
#include <waybill/init/internal/metrics_settings.h>
#include <waybill/init/internal/otlp_settings.h>
#include <waybill/init/internal/output_settings.h>
#include <waybill/init/internal/resource_attributes.h>
#include <waybill/init/internal/traces_settings.h>
#include <waybill/propagation/propagator.h>

namespace waybill::internal {

struct LogSettings {
  Level level = Level::kInfo;
  std::string levels = {};  // of loggers by name, as in LogOptions
  std::vector<OutputSettings> outputs = {};
  std::vector<LogOutput> made_outputs = {};  // given in code
  std::vector<LogExporterName> exporters = {};
  OtlpSettings otlp = {};
};

struct Settings {
  bool disabled = false;
  std::string service = {};
  ResourceAttributes resource = {};  // all but service.name, sorted by key
  LogSettings log = {};
  PropagatorOptions propagation = {};
  PipelineOptions pipeline = {};
  bool crash_handler = false;
  TracesSettings traces = {};
  MetricsSettings metrics = {};
};

// Throws Error for the first bad option, reads the file that the options or the environment name,
// and changes nothing.
Settings read_settings(const InitOptions& options, const Environment& environment);

}  // namespace waybill::internal
