// What the three services of the trading example have in common: their set-up, and how they answer.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include <CLI/CLI.hpp>
#include <waybill/http/server.h>

namespace trading {

struct ServiceOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one
  std::string port_file;   // where to write the port, once the server listens
  std::string log;         // JSON lines; empty: on standard error
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

// The trace that the code runs under, as X-Trace-ID spells it: in answers and in tables.
std::string trace_id();

// `body` and the trace id.
waybill::http::Response answer(int status, nlohmann::json body);
// {"error": ..., "trace_id": ...}
waybill::http::Response refuse(int status, const std::string& error);

}  // namespace trading
