#include "tests/faults/scenario.h"

#include <csignal>
#include <fstream>
#include <thread>

#include <waybill/core/core.h>
#include <waybill/queue_kinds/queue_kinds.h>
#include <waybill/worker/worker.h>

#include "tests/faults/options.h"

namespace waybill::faults {
namespace {

using namespace std::chrono_literals;

constexpr int kJobs = 20'000;
constexpr int kBatch = 100;
constexpr int kFaults = 5;
constexpr int kSecondsToEnd = 180;

}  // namespace

Scenario::Scenario(Broker& broker, unsigned seed) : broker_(broker), random_(seed) {
  queue::enable_all_kinds();
  queue_ = queue::open(broker_.url(), kOptions);
  workers_.resize(2);
  for (std::size_t i = 0; i < workers_.size(); ++i) start_worker(i);
}

bool Scenario::run() {
  std::jthread creating([this] { create(); });
  for (int i = 0; i < kFaults; ++i) {
    pause(500, 2'500);
    kill_and_restart();
  }
  creating.join();
  const bool done = test::eventually([this] { return all_done(); }, kSecondsToEnd);
  for (const auto& worker : workers_) {
    worker->send_signal(SIGTERM);
    worker->wait();
  }
  return done;
}

// A trace for each batch. One whose creation fails may be there all the same: its jobs are not
// counted on, and others take their place.
void Scenario::create() {
  worker::TaskManager tasks(queue_);
  int failures = 0;
  for (int batch = 0; batch * kBatch < kJobs;) {
    const std::string trace = "trace-" + std::to_string(batch) + '-' + std::to_string(failures);
    const Scope scope{Context::new_trace({.name = trace})};
    std::vector<worker::NewTask> jobs;
    for (int i = 0; i < kBatch; ++i) {
      jobs.push_back({"step", {{"n", i}}, {.job_id = trace + '/' + std::to_string(i)}});
    }
    try {
      for (const std::string& id : tasks.create_tasks(std::move(jobs))) jobs_[id] = trace;
      ++batch;
    } catch (const std::exception&) {
      ++failures;
      std::this_thread::sleep_for(100ms);
    }
    std::this_thread::sleep_for(15ms);
  }
}

void Scenario::kill_and_restart() {
  const std::size_t index = random_() % workers_.size();
  workers_[index]->send_signal(SIGKILL);
  workers_[index]->wait();
  broker_.kill(random_);
  pause(100, 500);
  broker_.restart();
  start_worker(index);
}

void Scenario::start_worker(std::size_t index) {
  const std::string name = std::to_string(journals_.size());
  journals_.push_back(directory_.file("journal-" + name));
  workers_[index] = std::make_unique<test::Process>(
      std::vector<std::string>{FAULT_WORKER, broker_.url(), journals_.back()},
      directory_.file("output-" + name));
}

std::vector<Attempt> Scenario::attempts() const {
  std::vector<Attempt> attempts;
  for (const std::string& journal : journals_) {
    std::ifstream file(journal);
    std::string what;
    for (Attempt attempt; file >> attempt.job >> attempt.number >> attempt.trace >> what;) {
      attempt.done = what == "done";
      attempts.push_back(attempt);
    }
  }
  return attempts;
}

bool Scenario::all_done() const {
  std::this_thread::sleep_for(200ms);
  std::set<std::string> done;
  for (const Attempt& attempt : attempts()) {
    if (attempt.done) done.insert(attempt.job);
  }
  for (const auto& [job, trace] : jobs_) {
    if (!done.contains(job)) return false;
  }
  try {
    const queue::Counts counts = queue_->counts();
    return counts.ready + counts.delayed + counts.in_flight == 0;
  } catch (const std::exception&) {
    return false;
  }
}

queue::Counts Scenario::counts() {
  return queue_->counts();
}

void Scenario::pause(int least_ms, int most_ms) {
  std::this_thread::sleep_for(
      std::chrono::milliseconds(std::uniform_int_distribution<int>(least_ms, most_ms)(random_)));
}

}  // namespace waybill::faults
