// InitOptions: what init() can be told in code. Whatever is left out here is taken from the file,
// then from the environment, then from the defaults.
//
//   waybill::init({.service = "weather-fetcher",
//                  .resource = {{"service.version", "1.4.0"}},
//                  .log = {.level = waybill::Level::kDebug, .file = "logs/weather.log"},
//                  .pipeline = {.when_full = waybill::WhenFull::kWait}});
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <waybill/init/init_export_options.h>
#include <waybill/log/level.h>
#include <waybill/log/logging.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/propagation/format.h>

namespace waybill {

// The formats of log/format.h, by name. In a file or a variable: "auto", "console", "text", "json",
// "logfmt", "gcp", "ecs", "datadog", "otel".
enum class LogFormatName : std::uint8_t {
  kAuto,  // console for standard output or error that is a terminal, json for anything else
  kConsole,
  kText,
  kJson,
  kLogfmt,
  kGoogleCloud,
  kEcs,
  kDatadog,
  kOtel,
};

// The sinks of log/sink.h: "stderr", "stdout", "file", "syslog", "journald".
enum class LogSinkName : std::uint8_t { kStderr, kStdout, kFile, kSyslog, kJournald };

struct InitLogOptions {
  // For every logger that has no level of its own. Default: info.
  std::optional<Level> level = std::nullopt;
  // Levels of loggers by name, "http=debug,http.client=off"; one without a name is `level`. Each
  // logger's level is looked for in code, then in the file.
  std::string levels = {};

  // For outputs that do not say theirs. Default: kAuto.
  std::optional<LogFormatName> format = std::nullopt;

  // The place that records go to. Default: standard error, or the file, if one is named. A file is
  // not rotated; syslog and journald are used with their defaults.
  std::optional<LogSinkName> sink = std::nullopt;
  std::optional<std::string> file = std::nullopt;
  // Or several places. Not together with `sink` and `file`. Where a place is given here, places
  // from the file or the environment do not count, and likewise for the file.
  std::vector<LogOutput> outputs = {};

  // Besides those places, as OpenTelemetry's log records. Default: kOtlp, if a collector's endpoint
  // for logs was named anywhere; else none.
  std::optional<std::vector<LogExporterName>> exporters = std::nullopt;
};

// See PropagatorOptions, which has the defaults.
struct InitPropagationOptions {
  std::optional<FormatList> formats = std::nullopt;
  std::optional<FormatList> extract_formats = std::nullopt;
  std::optional<std::vector<std::string>> trace_id_headers = std::nullopt;
  std::optional<TraceIdSpelling> spelling = std::nullopt;
  std::optional<std::vector<std::string>> travelling_fields = std::nullopt;
};

// See PipelineOptions, which has the defaults, and crash_handler.h. A limit that is not set rises
// with what it limits.
struct InitPipelineOptions {
  std::optional<bool> synchronous = std::nullopt;
  std::optional<std::size_t> ring_bytes = std::nullopt;
  std::optional<std::size_t> ring_bytes_limit = std::nullopt;
  std::optional<WhenFull> when_full = std::nullopt;
  std::optional<std::chrono::milliseconds> longest_wait = std::nullopt;
  std::optional<std::chrono::microseconds> shortest_sleep = std::nullopt;
  std::optional<std::chrono::microseconds> longest_sleep = std::nullopt;
  std::optional<std::chrono::milliseconds> exit_timeout = std::nullopt;
  std::optional<ClockSource> clock = std::nullopt;
  std::optional<bool> crash_handler = std::nullopt;  // default: false
};

struct InitOptions {
  // The TOML file. Default: the one that WAYBILL_CONFIG names, else none. Empty: none.
  std::optional<std::string> file = std::nullopt;

  // Nothing is recorded, and no file or connection is opened; contexts travel on all the same.
  std::optional<bool> disabled = std::nullopt;

  // service.name. Default, also for an empty one: "unknown_service:" and the program's name.
  std::optional<std::string> service = std::nullopt;
  // Further attributes of the resource, by OpenTelemetry's semantic conventions; each is looked for
  // by itself in code, file and environment. host.name, process.pid, telemetry.sdk.name, .language
  // and .version are there if they are not set. process.pid is that of the process that calls
  // init(): call it again in the child of a fork.
  std::vector<std::pair<std::string, std::string>> resource = {};
  // Adds service.instance.id, a new random UUID, if it is not set. Default: false.
  std::optional<bool> service_instance_id = std::nullopt;

  InitLogOptions log = {};
  InitPropagationOptions propagation = {};
  InitPipelineOptions pipeline = {};
  InitTracesOptions traces = {};
  InitMetricsOptions metrics = {};
  InitOtlpOptions otlp = {};
};

}  // namespace waybill
