#include "service.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <utility>

#include <waybill/core/core.h>
#include <waybill/init/init.h>
#include <waybill/log/log.h>
#include <waybill/propagation/propagation.h>

namespace trading {
namespace {

constexpr waybill::TraceIdSpelling kSpelling = waybill::TraceIdSpelling::kUuid;

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// Whole or not at all: whoever waits for the file may read it as soon as it is there.
void write_port(const std::string& file, std::uint16_t port) {
  std::ofstream(file + ".new") << port << '\n';
  std::filesystem::rename(file + ".new", file);
}

}  // namespace

void add_service_options(CLI::App& app, ServiceOptions& options) {
  app.add_option("--host", options.host, "Address to listen on")->capture_default_str();
  app.add_option("--port", options.port, "Port to listen on; 0: a free one")->capture_default_str();
  app.add_option("--port-file", options.port_file, "File to write the port to");
  app.add_option("--log", options.log, "JSON log file (default: standard error)");
}

void start(const std::string& service, CLI::App& app, const ServiceOptions& options, int argc,
           char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 2);
  }
  // Taken by sigwait() in serve(), and so blocked in every thread that is started from here on.
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  // A trace id is a UUID wherever somebody reads it: in X-Trace-ID and in the logs. The order's
  // number travels from service to service, so that it is in the logs of all three.
  const auto format = waybill::json_format({.trace_id = kSpelling});
  const auto sink = options.log.empty() ? waybill::stderr_sink() : waybill::file_sink(options.log);
  waybill::init_or_exit(
      {.service = service,
       .log = {.outputs = {{format, sink}}},
       .propagation = {.spelling = kSpelling,
                       .travelling_fields = std::vector<std::string>{"order_id"}}});
}

void serve(waybill::http::Server& server, const ServiceOptions& options) {
  const waybill::Logger log = waybill::logger("main");
  server.start();
  log.info("listening on http://{}:{}", options.host, server.port());
  if (!options.port_file.empty()) write_port(options.port_file, server.port());

  const sigset_t signals = stop_signals();
  int signal = 0;
  sigwait(&signals, &signal);
  server.stop();
  log.info("stopped");
}

int guarded(void (*body)(int argc, char** argv), int argc, char** argv) {
  try {
    body(argc, argv);
    return 0;
  } catch (const std::exception& error) {
    waybill::logger("main").fatal("{}", error);
    // Whoever started the program looks at its standard error, also when it logs to a file.
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}

std::string trace_id() {
  return waybill::to_x_trace_id(waybill::Context::current(), kSpelling);
}

waybill::http::Response answer(int status, nlohmann::json body) {
  body["trace_id"] = trace_id();
  return waybill::http::Response::json(status, body.dump());
}

waybill::http::Response refuse(int status, const std::string& error) {
  return answer(status, {{"error", error}});
}

}  // namespace trading
