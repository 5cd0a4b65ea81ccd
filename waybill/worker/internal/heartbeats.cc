#include <algorithm>
#include <new>
#include <utility>

#include <waybill/core/scope.h>
#include <waybill/log/log.h>
#include <waybill/worker/internal/heartbeats.h>

namespace waybill::worker::internal {
namespace {

// How exactly time limits are kept.
constexpr std::chrono::milliseconds kTick{50};

}  // namespace

void Heartbeats::begin() {
  thread_ = std::thread([this] { run(); });
}

void Heartbeats::end() noexcept {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Heartbeats::add(const JobPointer& job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(job);
  job->place_among_heartbeats = jobs_.size() - 1;
}

void Heartbeats::remove(JobInHand& job) noexcept {
  JobPointer removed;  // lets go of it without the lock
  const std::lock_guard lock(mutex_);
  const std::size_t place = std::exchange(job.place_among_heartbeats, JobInHand::kNoPlace);
  if (place == JobInHand::kNoPlace) return;
  removed = std::exchange(jobs_[place], std::move(jobs_.back()));
  jobs_.pop_back();
  if (place < jobs_.size()) jobs_[place]->place_among_heartbeats = place;
}

std::vector<JobPointer> Heartbeats::all() {
  const std::lock_guard lock(mutex_);
  return jobs_;
}

void Heartbeats::run() {
  const auto interval = visibility_timeout_ / 3;
  auto next_beat = Clock::now() + interval;
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, std::min(kTick, interval), [this] { return ending_; })) {
    lock.unlock();
    const auto now = Clock::now();
    const bool extend = now >= next_beat;
    try {
      for (const JobPointer& job : all()) attend(*job, extend, now);
      if (extend) next_beat = now + interval;
    } catch (const std::bad_alloc&) {  // at the next look
    }
    lock.lock();
  }
}

// A job that goes on after it was asked to stop has no further heartbeats: it is delivered again
// when its visibility time-out has passed.
void Heartbeats::attend(JobInHand& job, bool extend, Clock::time_point now) {
  if (now >= job.limit.load(std::memory_order_acquire)) {
    if (job.timed_out.exchange(true)) return;
    const Scope scope{job.context};
    logger("worker").warn({{"action", "time-limit"}, {"time_limit_ms", job.time_limit.count()}},
                          "has run for longer than its time limit: asked to stop");
    job.stop.request_stop();
    return;
  }
  if (!extend) return;
  const std::lock_guard lock(job.mutex);
  if (!job.settled) job.delivery.extend(visibility_timeout_);
}

}  // namespace waybill::worker::internal
