// What the environment says about exporters: the variables of OpenTelemetry's specification
// ("OTLP Exporter Configuration", "Environment Variable Specification").
//
//   OTEL_EXPORTER_OTLP_ENDPOINT, _PROTOCOL, _HEADERS, _COMPRESSION, _TIMEOUT, _CERTIFICATE,
//   _CLIENT_KEY, _CLIENT_CERTIFICATE, _INSECURE              for all signals
//   OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, ..._METRICS_..., ..._LOGS_...   for one; it wins
//   OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE
//   OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION
//   OTEL_BSP_SCHEDULE_DELAY, _MAX_EXPORT_BATCH_SIZE; OTEL_BLRP_ likewise, for logs
//   OTEL_METRIC_EXPORT_INTERVAL, OTEL_METRIC_EXPORT_TIMEOUT
//
// A variable that is empty counts as not set. One that cannot be read is an Error which names it;
// of headers it does not repeat the value, which may be a secret.
//
// Exporters call this by themselves: see OtlpOptions::environment.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <waybill/otlp/otlp_options.h>

namespace waybill {

// The value of a variable. Null where there is none.
using OtlpEnvironment = std::function<const char*(const char* name)>;

// `options`, with what they leave unset taken from the environment, for the exporter of this
// signal. An endpoint in `options`, be it a general one, wins over all of the environment's.
// Throws Error.
OtlpOptions with_environment(OtlpOptions options, OtlpSignal signal);
OtlpOptions with_environment(OtlpOptions options, OtlpSignal signal,
                             const OtlpEnvironment& environment);

// For whatever has metrics exported each interval.
struct MetricReaderSettings {
  std::optional<std::chrono::milliseconds> interval = std::nullopt;
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
};
MetricReaderSettings metric_reader_settings_of_environment();
MetricReaderSettings metric_reader_settings_of_environment(const OtlpEnvironment& environment);

}  // namespace waybill
