#include <algorithm>
#include <utility>

#include <waybill/worker/internal/running.h>

namespace waybill::worker::internal {

using std::chrono::milliseconds;

namespace {

// How long a call waits for messages, and so how late a stop may be noticed.
constexpr milliseconds kReceiveWait{100};
constexpr milliseconds kPauseAfterFailure{1'000};
constexpr std::size_t kMostReceived = 256;
// How long room for more is waited for while there is some.
constexpr milliseconds kGathering{1};

// A quarter of what waits in hand while all threads are busy, so that none of them has to.
std::size_t share_of_what_waits(std::size_t most_in_hand, std::size_t threads) {
  const std::size_t waiting = most_in_hand > threads ? most_in_hand - threads : 0;
  return std::max<std::size_t>(1, waiting / 4);
}

}  // namespace

Running::Running(TaskManager tasks, Registry registry, WorkerOptions options)
    : options_(std::move(options)),
      most_in_hand_(options_.in_hand != 0 ? options_.in_hand : 4 * options_.concurrency),
      together_(share_of_what_waits(most_in_hand_, options_.concurrency)),
      queue_(tasks.queue()),
      executor_(std::move(tasks), std::move(registry), options_, together_,
                [this](std::size_t jobs) { leave(jobs); }) {}

void Running::run() {
  executor_.begin();
  log_.info({{"action", "start"}}, "waiting for jobs");
  while (const std::size_t room = wait_for_room()) receive(room);
  drain();
  executor_.end();
  log_.info({{"action", "stop"}}, "stopped");
}

void Running::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

// 0: stop.
std::size_t Running::wait_for_room() {
  std::unique_lock lock(mutex_);
  if (in_hand_ == most_in_hand_) {
    changed_.wait(lock, [this] { return stopping_ || in_hand_ < most_in_hand_; });
    // No longer than that: what is in hand may wait for a job that is still in the queue.
    changed_.wait_for(lock, kGathering,
                      [this] { return stopping_ || in_hand_ + together_ <= most_in_hand_; });
  }
  return stopping_ ? 0 : std::min(kMostReceived, most_in_hand_ - in_hand_);
}

void Running::receive(std::size_t max) {
  std::vector<queue::Delivery> deliveries;
  try {
    deliveries = queue_->receive(max, kReceiveWait);
    if (std::exchange(cannot_receive_, false)) {
      log_.info({{"action", "receive"}}, "jobs are received again");
    }
  } catch (const std::exception& error) {
    if (!std::exchange(cannot_receive_, true)) {
      log_.error({{"action", "receive"}}, "no jobs can be received, trying again: {}", error);
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPauseAfterFailure, [this] { return stopping_; });
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    in_hand_ += deliveries.size();
  }
  for (queue::Delivery& delivery : deliveries) {
    try {
      executor_.add(std::move(delivery));
    } catch (const std::exception& error) {  // no memory: it comes back
      log_.error({{"action", "receive"}}, "a job could not be begun: {}", error);
      leave(1);
    }
  }
}

void Running::leave(std::size_t jobs) noexcept {
  bool is_awaited = false;
  {
    const std::lock_guard lock(mutex_);
    const auto has_room_for = [this](std::size_t more) { return in_hand_ + more <= most_in_hand_; };
    const bool had_room = has_room_for(1);
    const bool had_much = has_room_for(together_);
    in_hand_ -= jobs;
    is_awaited = in_hand_ == 0 || !had_room || (!had_much && has_room_for(together_));
  }
  if (is_awaited) changed_.notify_all();
}

// Jobs in hand go on for a while; then they are asked to stop, and at last handed back.
void Running::drain() {
  const auto none_in_hand = [this] { return in_hand_ == 0; };
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, options_.stop_timeout, none_in_hand)) return;
  lock.unlock();
  executor_.ask_to_stop();
  lock.lock();
  if (changed_.wait_for(lock, options_.stop_grace, none_in_hand)) return;
  lock.unlock();
  executor_.hand_back();
}

Counts Running::counts() const noexcept {
  Counts counts = executor_.counts();
  const std::lock_guard lock(mutex_);
  counts.in_hand = in_hand_;
  return counts;
}

}  // namespace waybill::worker::internal
