// PeriodicTasks: creates tasks at fixed times.
//
//   PeriodicTasks periodic(tasks);
//   periodic.every(15min, "sync-accounts");
//   periodic.every(24h, "report", {{"kind", "daily"}}, {.offset = 6h});       // at 06:00 UTC
//
// Times are multiples of the interval since 1970, UTC, plus the offset; so any number of processes
// may do the same, and each time there is one job: its deduplication key says what it is, and the
// time. What cannot be created is tried again each second, until the next time; what falls due
// while no process runs is left out. Clocks of the processes must not differ by more than the
// queue's deduplication window.
//
// Each job begins a trace of its own, with the fields of the context in which every() was called.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include <waybill/core/context.h>
#include <waybill/worker/task_manager.h>

namespace waybill::worker {

struct PeriodicOptions {
  std::chrono::milliseconds offset{0};  // less than the interval
  CreateOptions create = {};            // its job_id and deduplication_key are not used
};

// Thread-safe. One thread, from the first every() to the destructor.
class PeriodicTasks {
 public:
  explicit PeriodicTasks(TaskManager tasks);
  PeriodicTasks(const PeriodicTasks&) = delete;
  PeriodicTasks& operator=(const PeriodicTasks&) = delete;
  ~PeriodicTasks();

  // From the next time on. Throws waybill::Error for an interval beyond 1 ms to a year, an offset
  // that is not within it, and a name that is none.
  void every(std::chrono::milliseconds interval, std::string name, json payload = json::object(),
             PeriodicOptions options = {});

 private:
  using Time = std::chrono::system_clock::time_point;

  struct Entry {
    std::chrono::milliseconds interval;
    std::string name;
    json payload;
    PeriodicOptions options;
    Context context;
    std::string key;  // but for the time
    Time due;
    Time next_try;
  };

  void run();
  bool create(const Entry& entry, Time due) noexcept;

  TaskManager tasks_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry> entries_;  // of which nothing is taken away, nor changed but the times
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace waybill::worker
