// What init() can be told about what leaves the process: spans, metrics, and how they are exported.
// Parts of InitOptions (init_options.h).
//
//   waybill::init({.service = "weather-fetcher",
//                  .traces = {.sampler = "parentbased_traceidratio", .sampler_argument = "0.1"},
//                  .metrics = {.interval = 15s},
//                  .otlp = {.endpoint = "https://collector.example.com:4318"}});
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <waybill/metrics/metering.h>
#include <waybill/otlp/otlp_options.h>
#include <waybill/trace/sampler.h>
#include <waybill/trace/span_exporter.h>

namespace waybill {

// In a file or a variable: "otlp", "console", "zipkin", "prometheus". "none" is the empty list, and
// "otlp/stdout" another name of "console".
enum class SpanExporterName : std::uint8_t {
  kOtlp,     // to a collector: InitOtlpOptions
  kConsole,  // lines of OTLP's JSON on standard output
  kZipkin,
};
enum class MetricExporterName : std::uint8_t {
  kOtlp,
  kConsole,
  kPrometheus,  // nothing is sent: somebody scrapes (prometheus.h)
};
enum class LogExporterName : std::uint8_t { kOtlp, kConsole };

// See SpanLimits, which has the defaults.
struct InitSpanLimits {
  std::optional<std::size_t> attributes = std::nullopt;
  std::optional<std::size_t> events = std::nullopt;
  std::optional<std::size_t> links = std::nullopt;
  std::optional<std::size_t> attributes_per_event = std::nullopt;
  std::optional<std::size_t> attributes_per_link = std::nullopt;
  std::optional<std::size_t> attribute_value_length = std::nullopt;
  std::optional<std::size_t> bytes = std::nullopt;
};

struct InitTracesOptions {
  // Default: kOtlp, if a collector's endpoint for traces was named anywhere; else none, so that a
  // program without a collector does not look for one. With no exporter at all, tracing is off.
  std::optional<std::vector<SpanExporterName>> exporters = std::nullopt;
  // Besides, to this file: lines of OTLP's JSON.
  std::optional<std::string> file = std::nullopt;
  // Besides, those that the program has made.
  std::vector<std::shared_ptr<SpanExporter>> own_exporters = {};
  // Default: http://localhost:9411/api/v2/spans.
  std::optional<std::string> zipkin_endpoint = std::nullopt;

  // See sampler_names.h. Default: that of TracingOptions. The argument stands by itself: it goes
  // with whatever source the sampler's name is from, and does not count without one.
  std::optional<std::string> sampler = std::nullopt;
  std::optional<std::string> sampler_argument = std::nullopt;
  // One that the program has made: goes over a name from any source.
  std::shared_ptr<Sampler> own_sampler = nullptr;

  // A tail decision (TailOptions), where keep_failed is true or keep_slower_than more than zero.
  // With the latter alone, keep_failed is true, too.
  std::optional<bool> keep_failed = std::nullopt;
  std::optional<std::chrono::microseconds> keep_slower_than = std::nullopt;  // at most a day
  std::optional<std::size_t> tail_memory = std::nullopt;

  InitSpanLimits limits = {};
};

// See MetricsOptions, which has the defaults.
struct InitMetricsOptions {
  // These three are as those of traces.
  std::optional<std::vector<MetricExporterName>> exporters = std::nullopt;
  std::optional<std::string> file = std::nullopt;
  std::vector<std::shared_ptr<MetricExporter>> own_exporters = {};

  std::optional<std::chrono::milliseconds> interval = std::nullopt;
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
  std::optional<ExemplarFilter> exemplar_filter = std::nullopt;
  std::optional<bool> pipeline = std::nullopt;  // pipeline_metrics
};

// See OtlpOptions, which has the defaults. What no source sets is taken from OpenTelemetry's
// variables (otlp/environment.h).
struct InitOtlpOptions {
  // For each signal, the first source that names an endpoint for it, by itself or for all, wins.
  std::optional<std::string> endpoint = std::nullopt;
  std::optional<std::string> traces_endpoint = std::nullopt;
  std::optional<std::string> metrics_endpoint = std::nullopt;
  std::optional<std::string> logs_endpoint = std::nullopt;

  std::optional<OtlpProtocol> protocol = std::nullopt;
  // Each is looked for by itself in code, file and environment.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::optional<OtlpCompression> compression = std::nullopt;
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
  std::optional<std::string> ca_file = std::nullopt;
  std::optional<std::string> client_certificate_file = std::nullopt;
  std::optional<std::string> client_key_file = std::nullopt;
  std::optional<bool> insecure = std::nullopt;
  std::optional<OtlpTemporality> temporality = std::nullopt;
  std::optional<OtlpHistogramAggregation> histogram_aggregation = std::nullopt;

  // The folder of OtlpSpool and its limit in bytes; also for Zipkin, as is queue_bytes.
  std::optional<std::string> spool = std::nullopt;
  std::optional<std::size_t> spool_limit = std::nullopt;
  std::optional<std::size_t> queue_bytes = std::nullopt;
};

}  // namespace waybill
