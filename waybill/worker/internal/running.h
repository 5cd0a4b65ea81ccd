// A worker at work: takes jobs from the queue as long as there is room for more in hand.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

#include <waybill/log/log.h>
#include <waybill/worker/internal/job_executor.h>
#include <waybill/worker/worker.h>

namespace waybill::worker::internal {

class Running {
 public:
  Running(TaskManager tasks, Registry registry, WorkerOptions options);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void run();
  void stop() noexcept;
  Counts counts() const noexcept;

 private:
  std::size_t wait_for_room();
  void receive(std::size_t max);
  void drain();
  void leave(std::size_t jobs) noexcept;

  const WorkerOptions options_;
  const std::size_t most_in_hand_;
  // What is done a job at a time costs a thread's wake-up for each: jobs are received, and acked,
  // when there is room for so many, or so many are done, or a millisecond after the first.
  const std::size_t together_;
  const std::shared_ptr<queue::Queue> queue_;
  Logger log_ = logger("worker");
  bool cannot_receive_ = false;  // of the thread of run()

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::size_t in_hand_ = 0;

  JobExecutor executor_;  // the last: its threads use the rest until they have ended
};

}  // namespace waybill::worker::internal
