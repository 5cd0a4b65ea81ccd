#include "options.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <CLI/CLI.hpp>
#include <waybill/init/init.h>
#include <waybill/log/log.h>
#include <waybill/queue/queue.h>

namespace jobs {

Options start(const std::string& service, int argc, char** argv) {
  Options options;
  CLI::App app{service + ": one process of the jobs example"};
  app.add_option("--queue", options.queue, "Where jobs wait")->capture_default_str();
  app.add_option("--log", options.log, "Log file (default: standard output)");
  app.add_option("--port", options.port, "Port to listen on; 0: a free one")->capture_default_str();
  app.add_option("--port-file", options.port_file, "File to write the port to");
  app.add_option("--callback-url", options.callback_url, "Whom to tell how jobs went");
  app.add_option("--credit-url", options.credit_url, "The credit bureau")->capture_default_str();
  app.add_option("--name", options.name, "Of a worker (default: HOST:PID)");
  app.add_option("--failures", options.failures, "Calls per lead that the credit bureau fails")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 2);
  }
  const char* const secret = std::getenv("JOBS_CALLBACK_SECRET");
  if (secret != nullptr) options.secret = secret;

  // As its agents read it from a container's standard output, or from a file.
  waybill::init_or_exit(
      {.service = service,
       .log = {.outputs = {{.format = waybill::google_cloud_format({.project = "jobs-example"}),
                            .sink = options.log.empty() ? waybill::stdout_sink()
                                                        : waybill::file_sink(options.log)}}}});
  return options;
}

waybill::worker::TaskManager open_tasks(const Options& options) {
  return waybill::worker::TaskManager(waybill::queue::open(options.queue),
                                      {.queue_name = "jobs", .system = "sqlite"});
}

void serve(waybill::http::Server& server, const Options& options) {
  server.start();
  waybill::logger("main").info("listening on http://127.0.0.1:{}", server.port());
  if (options.port_file.empty()) return;
  // Whole or not at all: whoever waits for the file may read it as soon as it is there.
  std::ofstream(options.port_file + ".new") << server.port() << '\n';
  std::filesystem::rename(options.port_file + ".new", options.port_file);
}

StopSignals::StopSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void StopSignals::wait() const {
  int signal = 0;
  sigwait(&signals_, &signal);
}

int guarded(int (*body)(int argc, char** argv), int argc, char** argv) {
  try {
    return body(argc, argv);
  } catch (const std::exception& error) {
    waybill::logger("main").fatal("{}", error);
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}

}  // namespace jobs
