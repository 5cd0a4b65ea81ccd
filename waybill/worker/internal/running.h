// A worker at work: from the queue to the pool's threads, and back to the queue.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include <waybill/async/thread_pool.h>
#include <waybill/log/log.h>
#include <waybill/worker/internal/acks.h>
#include <waybill/worker/internal/attempt.h>
#include <waybill/worker/internal/heartbeats.h>
#include <waybill/worker/internal/job_in_hand.h>
#include <waybill/worker/internal/outcome.h>
#include <waybill/worker/worker.h>

namespace waybill::worker::internal {

class Running {
 public:
  Running(TaskManager tasks, Registry registry, WorkerOptions options);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  // Waits for what is still being executed.
  ~Running();

  void run();
  void stop() noexcept;
  Counts counts() const noexcept;

 private:
  // On the thread of run().
  std::size_t wait_for_room();
  void receive(std::size_t max);
  void begin(queue::Delivery delivery);
  void start(const JobPointer& job);
  void refuse(queue::Delivery& delivery, const Context& context, const std::string& reason);
  void drain();
  void hand_back();

  // Ends an execution, on one of the pool's threads, which the destructor joins.
  class EndOfExecution;

  // On the pool's threads.
  void execute(const JobPointer& job);
  bool begin_execution(const JobPointer& job);
  task<void> execute_coroutine(JobPointer job);
  void end(const JobPointer& job, std::exception_ptr error, json result);
  void end(const JobPointer& job, Outcome outcome);
  bool is_handed_back(const JobPointer& job, bool is_ending);
  bool tell(const JobInHand& job, Outcome& outcome);
  void settle(const JobPointer& job, const Outcome& outcome);
  void acked(std::size_t acked, std::size_t lost) noexcept;
  void count_lost(std::size_t jobs);
  void leave(std::size_t jobs);

  TaskManager tasks_;
  Registry registry_;
  const WorkerOptions options_;
  const std::size_t most_in_hand_;
  Logger log_ = logger("worker");
  FailedAttempts failed_attempts_;
  Heartbeats heartbeats_;
  // Of the thread of run().
  EnvelopeReader envelopes_;
  bool cannot_receive_ = false;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::size_t in_hand_ = 0;
  std::size_t executing_ = 0;  // or about to be; also when they were handed back

  std::atomic<std::uint64_t> succeeded_ = 0;
  std::atomic<std::uint64_t> failed_ = 0;
  std::atomic<std::uint64_t> gave_up_ = 0;
  std::atomic<std::uint64_t> handed_back_ = 0;
  std::atomic<std::uint64_t> lost_ = 0;

  Acks acks_;
  ThreadPool pool_;  // the last: its threads use the rest until they have ended
};

}  // namespace waybill::worker::internal
