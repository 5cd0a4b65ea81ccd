#include "options.h"

#include <cstdio>
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <waybill/core/error.h>
#include <waybill/log/log.h>

namespace landscape {

Options start(const std::string& service, int argc, char** argv) {
  Options options;
  CLI::App app{service + ": one process of the landscape example"};
  app.add_option("--queues", options.queues, "SQLite file that holds the queues")
      ->capture_default_str();
  app.add_option("--log", options.log, "JSON log file (default: text to standard error)");
  app.add_option("--data", options.data, "Folder with zipcodes.csv and weather.csv");
  app.add_option("--pictures", options.pictures, "Folder for the pictures")->capture_default_str();
  app.add_option("--formats", options.formats, "Formats to draw")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--host", options.host, "Address to listen on")->capture_default_str();
  app.add_option("--port", options.port, "Port to listen on; 0: a free one")->capture_default_str();
  app.add_option("--port-file", options.port_file, "File to write the port to");
  app.add_option("--max-attempts", options.max_attempts, "Before a job is dead-lettered")
      ->capture_default_str();
  app.add_option("--retry-delay-ms", options.retry_delay_ms, "Before the next attempt")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 2);
  }

  waybill::LogOptions logging{.service = service};
  if (!options.log.empty()) {
    logging.outputs = {{waybill::json_format(), waybill::file_sink(options.log)}};
  }
  waybill::configure_logging(std::move(logging));
  return options;
}

std::unique_ptr<waybill::queue::Queue> open_queue(const Options& options, const std::string& name) {
  return waybill::queue::open("sqlite:" + options.queues + "?queue=" + name);
}

std::vector<Format> formats_of(const Options& options) {
  std::vector<Format> formats;
  for (const std::string& name : options.formats) {
    const auto format = format_from(name);
    if (!format) {
      throw waybill::Error::bad_option("formats", name, "rgb_light, rgb_dark, bw or eink");
    }
    formats.push_back(*format);
  }
  return formats;
}

int guarded(int (*body)(int argc, char** argv), int argc, char** argv) {
  try {
    return body(argc, argv);
  } catch (const std::exception& error) {
    waybill::logger("main").fatal("{}", error.what());
    // Whoever started the program looks at its standard error, also when it logs to a file.
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}

}  // namespace landscape
