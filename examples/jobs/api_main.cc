// jobs-api: POST /jobs -> a job in the queue.
//
//   POST /jobs {"account_id": "acme", "lead_id": 17, "employees": 120, "visits": ["/", "/pricing"]}
//   202        {"job_id": "9f8c2c5e1a77b0d4", "trace_id": "4bf92f35..."}
#include <nlohmann/json.hpp>

#include <waybill/core/core.h>
#include <waybill/http/server.h>
#include <waybill/log/log.h>

#include "options.h"

namespace jobs {
namespace {

using nlohmann::json;
using waybill::Context;
using waybill::http::Request;
using waybill::http::Response;

const waybill::Logger logger = waybill::logger("api");

// What is wrong with the request; empty: nothing.
std::string complaint_about(const json& body) {
  if (!body.is_object()) return "the body must be a JSON object";
  if (!body.contains("account_id") || !body["account_id"].is_string()) {
    return "account_id must be a text";
  }
  if (!body.contains("lead_id") || !body["lead_id"].is_number_integer()) {
    return "lead_id must be a whole number";
  }
  return {};
}

Response create_job(const Request& request, waybill::worker::TaskManager& tasks,
                    const std::string& callback_url) {
  const std::string trace_id = Context::current().trace_id().to_hex();
  const json body = json::parse(request.body, nullptr, false);
  if (const std::string complaint = complaint_about(body); !complaint.empty()) {
    logger.warn("refused: {}", complaint);
    return Response::json(400, json{{"error", complaint}, {"trace_id", trace_id}}.dump());
  }

  // From here on, in this process and in those that work on the job, each record has both.
  const waybill::Scope scope{
      Context::current().with({{"account_id", body["account_id"].get<std::string>()},
                               {"lead_id", body["lead_id"].get<std::int64_t>()}})};
  const std::string job_id = tasks.create_task(
      "qualify-lead", body, {.callback = {.url = callback_url, .on_failure = true}});
  logger.info({{"job_id", job_id}, {"task_name", "qualify-lead"}}, "job created");
  return Response::json(202, json{{"job_id", job_id}, {"trace_id", trace_id}}.dump());
}

int run(int argc, char** argv) {
  const StopSignals stop;
  const Options options = start("jobs-api", argc, argv);
  waybill::worker::TaskManager tasks = open_tasks(options);

  waybill::http::Server server({.port = options.port});
  server.route("POST", "/jobs", [&](const Request& request) {
    return create_job(request, tasks, options.callback_url);
  });
  serve(server, options);
  stop.wait();
  server.stop();
  return 0;
}

}  // namespace
}  // namespace jobs

int main(int argc, char** argv) {
  return jobs::guarded(jobs::run, argc, argv);
}
