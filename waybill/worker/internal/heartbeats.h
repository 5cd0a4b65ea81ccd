// Heartbeats: keeps the jobs in hand from being delivered again, and asks those to stop that have
// run for longer than their time limit. One thread, from begin() to end().
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <waybill/worker/internal/job_in_hand.h>

namespace waybill::worker::internal {

class Heartbeats {
 public:
  explicit Heartbeats(std::chrono::milliseconds visibility_timeout)
      : visibility_timeout_(visibility_timeout) {}
  Heartbeats(const Heartbeats&) = delete;
  Heartbeats& operator=(const Heartbeats&) = delete;
  ~Heartbeats() { end(); }

  // Throws std::system_error where there is no thread to be had.
  void begin();
  void end() noexcept;

  void add(const JobPointer& job);
  // Also of one that was never added, or is removed.
  void remove(JobInHand& job) noexcept;
  std::vector<JobPointer> all();

 private:
  using Clock = JobInHand::Clock;

  void run();
  // One look at the job.
  void attend(JobInHand& job, bool extend, Clock::time_point now);

  const std::chrono::milliseconds visibility_timeout_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<JobPointer> jobs_;  // each knows its place
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace waybill::worker::internal
