#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <utility>

#include <waybill/init/init.h>
#include <waybill/init/internal/exporters.h>
#include <waybill/init/internal/settings.h>
#include <waybill/pipeline/crash_handler.h>
#include <waybill/propagation/propagator.h>

namespace waybill {
namespace {

// What takes no record: with no outputs at all, logging would choose one itself.
LogOptions no_logging() {
  return {.level = Level::kOff,
          .outputs = {{.format = text_format(), .sink = stderr_sink(), .level = Level::kOff}}};
}

LogOptions log_options(const internal::Settings& settings) {
  if (settings.disabled) return no_logging();
  LogOptions options{.service = settings.service,
                     .resource_attributes = settings.resource,
                     .level = settings.log.level,
                     .levels = settings.log.levels,
                     .outputs = settings.log.made_outputs};
  for (const internal::OutputSettings& output : settings.log.outputs) {
    options.outputs.push_back(internal::open_output(output));
  }
  for (LogOutput& exporter : internal::make_exporters(settings.log)) {
    options.outputs.push_back(std::move(exporter));
  }
  return options;
}

TracingOptions tracing_options(const internal::Settings& settings) {
  if (settings.disabled) return {};
  return {.service = settings.service,
          .resource_attributes = settings.resource,
          .sampler = settings.traces.sampler,
          .tail = settings.traces.tail,
          .limits = settings.traces.limits,
          .exporters = internal::make_exporters(settings.traces)};
}

// Who measures is told in any case: a scrape shows it.
MetricsOptions metrics_options(const internal::Settings& settings) {
  MetricsOptions options{.service = settings.service,
                         .resource_attributes = settings.resource,
                         .interval = settings.metrics.interval,
                         .timeout = settings.metrics.timeout,
                         .exemplar_filter = settings.metrics.exemplar_filter};
  if (settings.disabled) return options;
  options.pipeline_metrics = settings.metrics.pipeline;
  options.exporters = internal::make_exporters(settings.metrics);
  return options;
}

// What can fail comes first.
void apply(const internal::Settings& settings) {
  LogOptions log = log_options(settings);
  TracingOptions tracing = tracing_options(settings);
  MetricsOptions metrics = metrics_options(settings);
  Propagator propagator(settings.propagation);
  configure_pipeline(settings.pipeline);
  configure_logging(std::move(log));
  configure_tracing(std::move(tracing));
  configure_metrics(std::move(metrics));
  set_default_propagator(std::move(propagator));
  if (settings.crash_handler && !settings.disabled) install_crash_handler();
}

}  // namespace

void init(const InitOptions& options) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  apply(internal::read_settings(options, internal::process_environment()));
}

void init_or_exit(const InitOptions& options) noexcept {
  try {
    init(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "waybill: %s\n", error.what());
    std::exit(2);
  }
}

}  // namespace waybill
