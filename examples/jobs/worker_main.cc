// jobs-worker: does the jobs in the queue, as many such processes as one likes.
#include <thread>

#include <waybill/log/log.h>
#include <waybill/worker/worker.h>

#include "options.h"
#include "tasks.h"

namespace jobs {
namespace {

int run(int argc, char** argv) {
  const StopSignals stop;
  const Options options = start("jobs-worker", argc, argv);
  waybill::ThreadPool pool({.threads = 2, .name = "scoring"});
  waybill::http::Client client;
  waybill::worker::Worker worker(
      open_tasks(options),
      make_registry({.pool = pool, .client = client, .credit_url = options.credit_url}),
      {.name = options.name, .concurrency = 2, .callbacks = {.secret = options.secret}});
  std::thread working([&worker] { worker.run(); });
  waybill::logger("main").info({{"worker", options.name}}, "waiting for jobs");
  stop.wait();
  worker.stop();  // what is in hand is finished, or handed back
  working.join();
  return 0;
}

}  // namespace
}  // namespace jobs

int main(int argc, char** argv) {
  return jobs::guarded(jobs::run, argc, argv);
}
