// landscape-web: takes requests and sends them on their way: HTTP -> fetch-jobs.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include <waybill/core/core.h>
#include <waybill/core/export.h>
#include <waybill/http/server.h>
#include <waybill/log/log.h>

#include "gallery.h"
#include "options.h"
#include "worker.h"

namespace landscape {
namespace {

using nlohmann::json;
using waybill::Context;
using waybill::http::Request;
using waybill::http::Response;

bool is_zip(std::string_view text) {
  return text.size() == 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// MM-DD, as far as its characters go: whether there is such a day is for the fetcher to say.
bool is_date(std::string_view text) {
  return text.size() == 5 && text[2] == '-' &&
         text.find_first_not_of("0123456789-") == std::string_view::npos;
}

Response refuse(const std::string& message, const std::string& trace_id) {
  return Response::json(400, json{{"error", message}, {"trace_id", trace_id}}.dump());
}

Response generate(const Request& request, waybill::queue::Queue& jobs, const waybill::Logger& log) {
  const std::string trace_id = waybill::export_fields()["trace_id"];
  const std::string zip = request.query("zip").value_or("");
  if (!is_zip(zip)) {
    log.warn({{"action", "reject"}}, "'{}' is not a ZIP code", zip);
    return refuse("zip must be five digits, as in ?zip=98101", trace_id);
  }
  const auto date = request.query("date");
  if (date && !is_date(*date)) {
    log.warn({{"action", "reject"}}, "'{}' is not a date", *date);
    return refuse("date must be a month and a day, as in ?date=01-15", trace_id);
  }

  // From here on, in this process and in those that follow, each record has the ZIP.
  const waybill::Scope scope{Context::current().with({{"zip", zip}})};
  json job = {{"zip", zip}};
  if (date) job["date"] = *date;
  jobs.send(to_message(job));
  log.info({{"action", "send"}, {"queue", kFetchJobs}}, "landscape requested");
  return Response::json(200, json{{"success", true},
                                  {"zip", zip},
                                  {"trace_id", trace_id},
                                  {"message", "the landscape will be drawn"}}
                                 .dump());
}

// Whole or not at all: whoever waits for the file may read it as soon as it is there.
void write_port(const std::string& file, std::uint16_t port) {
  std::ofstream(file + ".new") << port << '\n';
  std::filesystem::rename(file + ".new", file);
}

int serve(int argc, char** argv) {
  // Taken by sigwait() below, and so blocked in every thread that is started from here on.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);

  const Options options = start("landscape-web", argc, argv);
  const waybill::Logger log = waybill::logger("web").with({{"worker", "web"}});
  const auto jobs = open_queue(options, kFetchJobs);

  waybill::http::Server server({.host = options.host, .port = options.port});
  server.route("POST", "/admin/generate",
               [&](const Request& request) { return generate(request, *jobs, log); });
  server.route("GET", "/", [&](const Request&) { return gallery_page(options.pictures); });
  server.route("GET", "/pictures/{name}", [&](const Request& request) {
    return picture(options.pictures, request.param("name").value_or(""));
  });
  server.route("GET", "/health", [](const Request&) { return Response::text(200, "ok\n"); });
  server.start();
  log.info({{"action", "start"}}, "listening on http://{}:{}", options.host, server.port());
  if (!options.port_file.empty()) write_port(options.port_file, server.port());

  int signal = 0;
  sigwait(&stop_signals, &signal);
  server.stop();
  log.info({{"action", "stop"}}, "stopped");
  return 0;
}

}  // namespace
}  // namespace landscape

int main(int argc, char** argv) {
  return landscape::guarded(landscape::serve, argc, argv);
}
