// KafkaStop: tells a thread that it is to end, in the middle of a pause, too. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace waybill::queue::internal {

class KafkaStop {
 public:
  void request() {
    const std::lock_guard lock(mutex_);
    is_requested_ = true;
    changed_.notify_all();
  }

  bool is_requested() const {
    const std::lock_guard lock(mutex_);
    return is_requested_;
  }

  // Returns as soon as it is requested, and then true.
  bool pause(std::chrono::milliseconds time) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return is_requested_; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool is_requested_ = false;
};

}  // namespace waybill::queue::internal
