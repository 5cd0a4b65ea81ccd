// The context and the span of an attempt.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

#include <waybill/core/context.h>
#include <waybill/worker/internal/job_in_hand.h>
#include <waybill/worker/worker.h>

namespace waybill::worker::internal {

// Of the attempts that another one is to follow, the contexts, so that it can be linked to them.
// The last few thousand. Thread-safe.
class FailedAttempts {
 public:
  void add(const std::string& job_id, const Context& context);
  // Empty: it was elsewhere, or is long ago.
  Context last_of(const std::string& job_id);

 private:
  static constexpr std::size_t kMost = 4096;

  std::mutex mutex_;
  std::unordered_map<std::string, Context> contexts_;
  std::deque<std::string> order_;
};

// The context that the attempt is to run under, below that of who created the job: job_id,
// task_name and attempt beside the fields that it came with, and a span.
void begin_attempt(JobInHand& job, const Context& creator, const WorkerOptions& worker,
                   const TaskManagerOptions& names, FailedAttempts& before);

}  // namespace waybill::worker::internal
