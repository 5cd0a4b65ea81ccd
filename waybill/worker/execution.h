// Execution: what a task may ask about the attempt that it is.
//
//   registry.add("import", [](const json& payload, Execution& execution) {
//     for (const auto& row : rows(payload)) {
//       if (execution.stop_token().stop_requested()) throw std::runtime_error("stopped");
//       execution.tasks().create_task("import-row", row);      // a child: the same trace and
//       fields
//     }
//   });
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

namespace waybill::worker {

class TaskManager;
struct Job;

// As long as the attempt. For the task's own threads and coroutines, any number at once.
class Execution {
 public:
  Execution(const Job& job, std::uint32_t attempt, std::uint32_t max_attempts, TaskManager& tasks,
            std::stop_token stop) noexcept
      : job_(job),
        attempt_(attempt),
        max_attempts_(max_attempts),
        tasks_(tasks),
        stop_(std::move(stop)) {}
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  const Job& job() const noexcept { return job_; }
  std::uint32_t attempt() const noexcept { return attempt_; }  // 1 the first time
  std::uint32_t max_attempts() const noexcept { return max_attempts_; }

  // Puts tasks into the queue that this one came from.
  TaskManager& tasks() const noexcept { return tasks_; }

  // Requested when the attempt's time limit has passed, or the worker is to end and has waited long
  // enough. A coroutine runs under it: what it awaits ends early. A function has to ask.
  const std::stop_token& stop_token() const noexcept { return stop_; }

 private:
  const Job& job_;
  std::uint32_t attempt_;
  std::uint32_t max_attempts_;
  TaskManager& tasks_;
  std::stop_token stop_;
};

}  // namespace waybill::worker
