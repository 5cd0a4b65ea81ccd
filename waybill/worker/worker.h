// worker: named pieces of work, done by whoever takes them from a queue, under the trace and the
// fields of who wanted them.
//
//   // Who wants something done
//   TaskManager tasks(queue::open("sqlite:/var/lib/shop/work.db?queue=jobs"));
//   tasks.create_task("charge", {{"cents", 1200}});
//
//   // Who does it, in this process or another
//   Registry registry;
//   registry.add("charge", [](const json& payload) {
//     log.info("charging {}", payload.at("cents").get<int>());     // job_id, task_name, attempt,
//     ... return json{{"receipt", charge(payload)}};
//   });
//   Worker worker(tasks, registry, {.concurrency = 8});
//   worker.run();                                                  // until worker.stop()
//
// Each attempt is a span of kind consumer below the span that created the job, linked to it, and to
// the attempt before where that ran in this process. Its log lines carry job_id, task_name, attempt
// and all fields of the creator, on whatever threads it uses (async/). What came of it is logged by
// the logger "worker", counted (Counts), and told to the job's callback.
//
//   returns           acked
//   throws            tried again after a delay, by its RetryPolicy; then a dead letter
//   no JSON, no job   a dead letter at once, its bytes intact
//   crashes           tried again after the queue's visibility time-out; then a dead letter
//   is stopped        handed back: a worker that is to end asks for that after a while
//
// A job is delivered again also when it has not failed: its worker was ended, or taken down by
// another job. So attempts may be numbered beyond max_attempts; one that was delivered twice as
// often, and has neither succeeded nor failed, is taken for the one that takes workers down.
//
// Delivery is at least once, as the queue's is: what a task does must bear to be done twice.
//
// This room uses queue, http, trace, log and async. Read on in registry.h, execution.h,
// task_manager.h, periodic.h, retry_policy.h and callback.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <waybill/worker/callback.h>
#include <waybill/worker/execution.h>
#include <waybill/worker/registry.h>
#include <waybill/worker/task_manager.h>

namespace waybill::worker {

struct WorkerOptions {
  // Who works, in the log line that begins an attempt (worker), and in its span
  // (messaging.client.id). Empty: HOST:PID.
  std::string name = {};
  // Threads, and so how many functions run at once. Coroutines take one only while they run.
  std::size_t concurrency = 4;
  // How many jobs are in hand at once, running or waiting for a thread. 0: four for each thread.
  std::size_t in_hand = 0;
  // The queue's: it is begun anew for each job in hand when a third of it has passed.
  std::chrono::milliseconds visibility_timeout = std::chrono::seconds(30);
  // How long stop() lets attempts go on before it asks them to stop, and then before their jobs are
  // handed back.
  std::chrono::milliseconds stop_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds stop_grace = std::chrono::seconds(2);
  CallbackOptions callbacks = {};
  // Members of a payload, texts or numbers, that become fields where the context has none of them.
  std::vector<std::string> fields_from_payload = {"account_id", "lead_id"};
};

struct Counts {
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;       // attempts that another one follows
  std::uint64_t gave_up = 0;      // jobs that became dead letters
  std::uint64_t handed_back = 0;  // at the end of a worker
  std::uint64_t lost = 0;         // settled too late, or not at all: done again, or to be
  std::size_t in_hand = 0;        // now
};

// run() is called once; the others by any thread.
class Worker {
 public:
  // Throws waybill::Error for an option out of its range.
  Worker(TaskManager tasks, Registry registry, WorkerOptions options = {});
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // After run() has returned. Waits for functions and coroutines that have not ended.
  ~Worker();

  // Works until stop(). A queue that fails is tried again, at most once a second.
  void run();
  // Takes no further jobs, and has run() return once those in hand have ended or were handed back.
  void stop() noexcept;

  Counts counts() const noexcept;

 private:
  class Running;
  std::unique_ptr<Running> running_;
};

}  // namespace waybill::worker
