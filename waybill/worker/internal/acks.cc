#include <algorithm>
#include <chrono>
#include <utility>

#include <waybill/worker/internal/acks.h>

namespace waybill::worker::internal {

using namespace std::chrono_literals;

namespace {

constexpr auto kGathering = 1ms;

}  // namespace

void Acks::begin() {
  running_ = true;
  thread_ = std::thread([this] { run(); });
}

void Acks::end() noexcept {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    running_ = false;
  }
  changed_.notify_all();
  thread_.join();
}

void Acks::add(queue::Delivery delivery) {
  std::unique_lock lock(mutex_);
  waiting_.push_back(std::move(delivery));
  if (!running_) {
    std::vector<queue::Delivery> batch = std::exchange(waiting_, {});
    lock.unlock();
    return ack(std::move(batch));
  }
  const bool is_awaited = waiting_.size() == 1 || waiting_.size() == together_;
  lock.unlock();
  if (is_awaited) changed_.notify_one();
}

void Acks::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !waiting_.empty() || !running_; });
    changed_.wait_for(lock, kGathering,
                      [this] { return waiting_.size() >= together_ || !running_; });
    if (waiting_.empty()) return;
    std::vector<queue::Delivery> batch = std::exchange(waiting_, {});
    lock.unlock();
    ack(std::move(batch));
    lock.lock();
  }
}

// What the queue could not write is tried again, twice: it would be done again else.
void Acks::ack(std::vector<queue::Delivery> batch) noexcept {
  std::size_t acked = 0;
  for (const auto pause : {200ms, 1'000ms, 0ms}) {
    try {
      acked += queue_->ack(batch);
    } catch (const std::exception&) {  // no memory
    }
    const bool is_done = std::ranges::all_of(batch, &queue::Delivery::settled);
    if (is_done) break;
    std::this_thread::sleep_for(pause);
  }
  done_(acked, batch.size() - acked);
}

}  // namespace waybill::worker::internal
