// JobExecutor: what becomes of a delivery. It is read and executed on one of the pool's threads,
// and settled.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include <waybill/async/task.h>
#include <waybill/async/thread_pool.h>
#include <waybill/log/log.h>
#include <waybill/worker/internal/acks.h>
#include <waybill/worker/internal/attempt.h>
#include <waybill/worker/internal/heartbeats.h>
#include <waybill/worker/internal/job_in_hand.h>
#include <waybill/worker/internal/outcome.h>
#include <waybill/worker/worker.h>

namespace waybill::worker::internal {

class JobExecutor {
 public:
  // Told, by any thread, how many jobs are in hand no more. Throws nothing.
  using Left = std::function<void(std::size_t jobs)>;

  // `acked_together`: see Acks. The options must outlive it.
  JobExecutor(TaskManager tasks, Registry registry, const WorkerOptions& options,
              std::size_t acked_together, Left left);
  JobExecutor(const JobExecutor&) = delete;
  JobExecutor& operator=(const JobExecutor&) = delete;
  // Waits for what is still being executed.
  ~JobExecutor();

  // Throws std::system_error where there are no threads to be had.
  void begin();
  // Once nothing is in hand, or all was handed back.
  void end() noexcept;

  // Throws std::bad_alloc; then the delivery is dropped, and comes back.
  void add(queue::Delivery delivery);
  // Asks those that have begun to stop; the others are handed back when their turn comes.
  void ask_to_stop();
  // Whatever has not come to an end.
  void hand_back();

  // But for in_hand.
  Counts counts() const noexcept;

 private:
  // An execution, for as long as the destructor has to wait for it. Ends on one of the pool's
  // threads, which the destructor joins.
  class Executing;

  // On the pool's threads.
  void execute(const JobPointer& job);
  bool read(const JobPointer& job);
  bool begin(const JobPointer& job);
  // With the job's mutex: reads it, and begins the span of its attempt. What is wrong with it; else
  // nothing.
  std::string prepare(JobInHand& job);
  task<void> execute_coroutine(JobPointer job, Executing executing);
  void end(const JobPointer& job, std::exception_ptr error, json result);
  void end(const JobPointer& job, Outcome outcome);
  bool is_handed_back(const JobPointer& job, bool is_ending);
  bool tell(const JobInHand& job, Outcome& outcome);
  void refuse(JobInHand& job, const std::string& reason);
  void bury(JobInHand& job, const std::string& reason);
  void settle(const JobPointer& job, const Outcome& outcome);
  void leave(const JobPointer& job);
  void count_lost(std::size_t jobs);

  TaskManager tasks_;
  Registry registry_;
  const WorkerOptions& options_;
  const Left left_;
  Logger log_ = logger("worker");
  FailedAttempts failed_attempts_;
  Heartbeats heartbeats_;

  std::atomic<std::size_t> executing_ = 0;  // or about to be; also when they were handed back
  std::atomic<std::uint64_t> succeeded_ = 0;
  std::atomic<std::uint64_t> failed_ = 0;
  std::atomic<std::uint64_t> gave_up_ = 0;
  std::atomic<std::uint64_t> handed_back_ = 0;
  std::atomic<std::uint64_t> lost_ = 0;

  Acks acks_;
  ThreadPool pool_;  // the last: its threads use the rest until they have ended
};

}  // namespace waybill::worker::internal
