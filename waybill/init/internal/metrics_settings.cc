#include <waybill/init/internal/metrics_settings.h>

namespace waybill::internal {

MetricsSettings metrics_settings_of(const Layers& layers, const Environment& environment) {
  using Set = InitMetricsOptions;
  constexpr auto kSection = &InitOptions::metrics;
  MetricsSettings metrics;
  metrics.otlp = otlp_settings_of(layers, OtlpSignal::kMetrics, environment);
  metrics.exporters = exporters_of_layers(layers, kSection, &Set::exporters,
                                          MetricExporterName::kOtlp, metrics.otlp);
  metrics.file = export_file_of(layers, kSection, "metrics.file");
  metrics.own_exporters = layers.front().options().metrics.own_exporters;
  take(layers, metrics.interval, kSection, &Set::interval);
  take(layers, metrics.timeout, kSection, &Set::timeout);
  take(layers, metrics.exemplar_filter, kSection, &Set::exemplar_filter);
  take(layers, metrics.pipeline, kSection, &Set::pipeline);
  return metrics;
}

}  // namespace waybill::internal
