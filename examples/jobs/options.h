// The command line that the three programs share, each of which takes what it uses, and how they
// begin and end.
#pragma once

#include <csignal>
#include <cstdint>
#include <string>

#include <waybill/http/message.h>
#include <waybill/http/server.h>
#include <waybill/worker/task_manager.h>

namespace jobs {

struct Options {
  std::string queue = "sqlite:jobs.db?queue=jobs";
  std::string log;            // Google Cloud JSON; empty: to standard output
  std::uint16_t port = 8080;  // 0: a free one
  std::string port_file;      // where to write the port, once the server listens
  std::string callback_url;   // of the application that wants to hear of jobs
  std::string credit_url = "http://127.0.0.1:8081";
  std::string name;       // of a worker
  unsigned failures = 2;  // how often the credit bureau is not to be had, for each lead
  std::string secret;     // $JOBS_CALLBACK_SECRET: what callbacks are signed with
};

// Parses the command line of the program `service`, and sets up its logging. Ends the process, with
// a message, for --help (status 0) and for a mistake (status 2).
Options start(const std::string& service, int argc, char** argv);

waybill::worker::TaskManager open_tasks(const Options& options);

// Starts the server and says where it listens.
void serve(waybill::http::Server& server, const Options& options);

// SIGTERM and SIGINT, which are blocked in every thread that is started once this is there.
class StopSignals {
 public:
  StopSignals();
  void wait() const;

 private:
  sigset_t signals_;
};

// Runs the body of a main(): an exception becomes a log record, a line on standard error, status 1.
int guarded(int (*body)(int argc, char** argv), int argc, char** argv);

}  // namespace jobs
