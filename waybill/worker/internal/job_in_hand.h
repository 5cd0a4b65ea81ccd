// A job that a worker has received and not settled yet.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include <waybill/core/context.h>
#include <waybill/queue/delivery.h>
#include <waybill/trace/span.h>
#include <waybill/worker/execution.h>
#include <waybill/worker/job.h>
#include <waybill/worker/registry.h>

namespace waybill::worker::internal {

struct JobInHand {
  using Clock = std::chrono::steady_clock;

  explicit JobInHand(queue::Delivery received) : delivery(std::move(received)) {}

  // With the mutex: the heartbeat's thread and the one that settles meet here.
  std::mutex mutex;
  queue::Delivery delivery;
  bool ending = false;   // its execution is over: not to be handed back any more
  bool settled = false;  // or handed back: the delivery is somebody else's to use, or nobody's

  // From here to `span`, and the execution: set when it is read, with the mutex.
  Job job;
  const Task* task = nullptr;
  std::uint32_t max_attempts = 1;
  std::chrono::milliseconds time_limit{0};
  Context context;  // that it runs under
  Span span;
  std::stop_source stop;
  std::optional<Execution> execution;
  Clock::time_point begun = {};
  // Set once the context is, which is read by whoever finds a limit here.
  std::atomic<Clock::time_point> limit = Clock::time_point::max();
  std::atomic<bool> timed_out = false;
  std::atomic<bool> asked_to_hand_back = false;  // with its stop token, by a worker that is to end

  static constexpr std::size_t kNoPlace = static_cast<std::size_t>(-1);
  std::size_t place_among_heartbeats = kNoPlace;  // theirs
};

using JobPointer = std::shared_ptr<JobInHand>;

}  // namespace waybill::worker::internal
