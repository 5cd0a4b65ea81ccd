// init: the one-line set-up, from code, a TOML file and the environment.
//
//   int main() {
//     waybill::init_or_exit({.service = "weather-fetcher"});
//     ...
//   }
//
//   $ WAYBILL_CONFIG=/etc/weather.toml WAYBILL_LOG=info,http=debug ./weather-fetcher
//   $ OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 ./weather-fetcher
//
// Records are written as lines, to standard error where nothing else is said. Spans, metrics and
// records are exported by OTLP as soon as somebody names a collector's endpoint, and not before: a
// program without one does not look for it.
//
// An option that is set in code wins over the file, the file over the environment, and that over
// the default. One exception: WAYBILL_LOG is the last word on levels, as it is what a person types
// to look at one run. docs/logging.md has a table of all options; init_options.h and
// init_export_options.h say what they do.
//
// Uses core, propagation, pipeline, trace, log, metrics and otlp. What it sets up can be set up
// without it: configure_logging(), configure_tracing(), configure_metrics(), configure_pipeline(),
// set_default_propagator(), install_crash_handler(). OTLP over gRPC needs enable_otlp_grpc() before
// it (room otlp_grpc).
#pragma once

#include <waybill/init/init_options.h>

namespace waybill {

// Sets up logging, tracing, metrics, the pipeline and propagation for the whole process. Meant for
// the start of main(): it reads the environment, which no other thread may change meanwhile. A
// second call replaces what the first has set up, under a lock; what stays is a crash handler, and
// the level of a logger by name that the second does not mention. The metric exporters before get
// what there is, and are waited for, no longer than their timeout.
//
// Throws Error for a bad option: for the first that is found, with its name, where it was set, its
// value and what would be right. Nothing has been changed then, but that files and folders may have
// been made.
void init(const InitOptions& options = {});

// The same, but a bad option ends the program: the message goes to standard error, the exit status
// is 2.
void init_or_exit(const InitOptions& options = {}) noexcept;

}  // namespace waybill
