// What the two services of the tasks example have in common: their set-up.
#pragma once

#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>
#include <waybill/http/server.h>

namespace tasks {

struct ServiceOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one
  std::string port_file;   // where to write the port, once the server listens
  std::string log;         // JSON lines, besides the text on standard output
  std::string spans;       // lines of OTLP's JSON; empty: SERVICE-spans.jsonl
};

void add_service_options(CLI::App& app, ServiceOptions& options);

// Parses the command line and sets Waybill up. Ends the process, with a message, for --help
// (status 0) and for a mistake (status 2).
void start(const std::string& service, CLI::App& app, const ServiceOptions& options, int argc,
           char** argv);

// Answers requests until SIGTERM or SIGINT.
void serve(waybill::http::Server& server, const ServiceOptions& options);

// Runs the body of a main(): an exception becomes a message and status 1.
int guarded(void (*body)(int argc, char** argv), int argc, char** argv);

}  // namespace tasks
