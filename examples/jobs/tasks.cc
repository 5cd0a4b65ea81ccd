#include "tasks.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <fmt/format.h>

#include <waybill/log/log.h>
#include <waybill/worker/worker.h>

namespace jobs {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using waybill::worker::Execution;

const waybill::Logger logger = waybill::logger("tasks");

// Both are called on threads of the pool. Their lines have the job's ids all the same.
int score_company(const json& payload) {
  const int employees = payload.value("employees", 0);
  const int score = std::min(50, employees / 4);
  logger.info({{"score", score}}, "a company of {}", employees);
  return score;
}

int score_visits(const json& payload) {
  const json visits = payload.value("visits", json::array());
  const auto looked = std::count(visits.begin(), visits.end(), "/pricing");
  const int score =
      looked > 0 ? 50 : static_cast<int>(std::min<std::size_t>(30, visits.size() * 5));
  logger.info({{"score", score}}, "{} visits, {} of the prices", visits.size(), looked);
  return score;
}

json qualify_lead(const json& payload, Execution& execution, const Services& services) {
  auto company = services.pool.submit(score_company, payload);
  auto visits = services.pool.submit(score_visits, payload);
  const int score = company.get() + visits.get();
  if (score < 40) {
    logger.info({{"score", score}}, "not worth a call");
    return {{"score", score}, {"qualified", false}};
  }
  // The same trace, account_id and lead_id; its parent_job_id is this job's id.
  const std::string child = execution.tasks().create_task(
      "check-credit", {{"lead_id", payload.at("lead_id")}, {"score", score}},
      {.callback = execution.job().callback});
  logger.info({{"score", score}, {"child_job_id", child}}, "worth a call, if the credit is good");
  return {{"score", score}, {"qualified", true}, {"child_job_id", child}};
}

json check_credit(const json& payload, const Services& services) {
  const auto lead = payload.at("lead_id").get<std::int64_t>();
  const auto answer =
      services.client.post(fmt::format("{}/credit/{}", services.credit_url, lead), "");
  if (!answer.ok()) throw std::runtime_error("no answer from the credit bureau: " + answer.message);
  const int status = answer.response.status;
  if (status == 404) {  // as it will be the next time
    throw waybill::worker::PermanentError(fmt::format("the credit bureau knows no lead {}", lead));
  }
  if (status != 200) throw std::runtime_error(fmt::format("the credit bureau answered {}", status));
  const json credit = json::parse(answer.response.body);
  logger.info("the credit is {}", credit.at("rating").get<std::string>());
  return credit;
}

}  // namespace

waybill::worker::Registry make_registry(Services services) {
  waybill::worker::Registry registry;
  registry
      .add("qualify-lead",
           [services](const json& payload, Execution& execution) {
             return qualify_lead(payload, execution, services);
           })
      .add("check-credit",
           [services](const json& payload) { return check_credit(payload, services); },
           {.retry = {.max_attempts = 4, .first_delay = 300ms}, .time_limit = 10s});
  return registry;
}

}  // namespace jobs
