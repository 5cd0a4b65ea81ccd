#include "service.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include <waybill/init/init.h>
#include <waybill/log/log.h>

namespace tasks {
namespace {

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
  app.add_option("--log", options.log, "JSON log file, besides the text on standard output");
  app.add_option("--spans", options.spans, "File for spans, as lines of OTLP's JSON");
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

  // Text for people, JSON for the command `waybill`. With somewhere to put spans, each coroutine
  // that opens one has a span id of its own in the logs.
  std::vector<waybill::LogOutput> outputs = {
      {waybill::text_format({.pattern = "[{trace_id}] [{span_id}] {message}"}),
       waybill::stdout_sink()}};
  if (!options.log.empty()) {
    outputs.push_back({waybill::json_format(), waybill::file_sink(options.log)});
  }
  waybill::init_or_exit(
      {.service = service,
       .log = {.levels = "http.client=debug", .outputs = std::move(outputs)},
       .traces = {.file = options.spans.empty() ? service + "-spans.jsonl" : options.spans}});
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
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}

}  // namespace tasks
