// Jobs that fail in all the ways that jobs do, for worker_story_test.
//
//   story_worker URL LOG create TRACE     creates them
//   story_worker URL LOG work NAME        works until SIGTERM, or a job takes it down
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <waybill/core/core.h>
#include <waybill/log/file_sink.h>
#include <waybill/log/json_format.h>
#include <waybill/log/log.h>
#include <waybill/pipeline/crash_handler.h>
#include <waybill/worker/worker.h>

namespace {

using namespace std::chrono_literals;
using namespace waybill::worker;

const waybill::Logger log_ = waybill::logger("story");

void create(TaskManager& tasks, const std::string& trace) {
  const waybill::Scope scope{
      waybill::Context::new_trace({.name = trace}).with({{"account_id", "acme"}})};
  log_.info("the request");
  for (const char* task : {"flaky", "slow", "hopeless"}) {
    tasks.create_task(task, json::object(), {.job_id = std::string("job-") + task});
  }
  // When the others have got somewhere.
  tasks.create_task("deadly", json::object(), {.job_id = "job-deadly", .delay = 1s});
  tasks.queue()->send({.body = "no JSON at all"});
}

void flaky(const json&, Execution& execution) {
  if (execution.attempt() == 1) throw std::runtime_error("the service is away");
  log_.info("the service is back");
}

void slow(const json&, Execution& execution) {
  if (execution.attempt() > 1) return;
  while (!execution.stop_token().stop_requested()) std::this_thread::sleep_for(1ms);
  throw std::runtime_error("stopped half-way");
}

void deadly(const json&, Execution& execution) {
  if (execution.attempt() == 1) std::abort();
  log_.info("survived");
}

void hopeless(const json&) {
  throw PermanentError("the account is closed");
}

int work(TaskManager tasks, const std::string& name) {
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &end, nullptr);
  Registry registry;
  const RetryPolicy soon{.first_delay = 10ms};
  registry.add("flaky", flaky, {.retry = soon})
      .add("slow", slow, {.retry = soon, .time_limit = 100ms})
      .add("deadly", deadly, {.retry = soon})
      .add("hopeless", hopeless);
  Worker worker(std::move(tasks), registry, {.name = name, .visibility_timeout = 1s});
  std::thread working([&worker] { worker.run(); });
  int signal = 0;
  sigwait(&end, &signal);
  worker.stop();
  working.join();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: story_worker URL LOG create|work TRACE|NAME\n");
    return 2;
  }
  waybill::install_crash_handler();
  const bool creates = std::string(argv[3]) == "create";
  waybill::configure_logging({.service = creates ? "web" : "worker",
                              .outputs = {{.format = waybill::json_format(),
                                           .sink = waybill::file_sink({.path = argv[2]})}}});
  TaskManager tasks(waybill::queue::open(argv[1], {.visibility_timeout = 1s}));
  if (!creates) return work(std::move(tasks), argv[4]);
  create(tasks, argv[4]);
  return 0;
}
