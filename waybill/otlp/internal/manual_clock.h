// ManualClock: time that stands still until a test moves it on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <waybill/otlp/internal/sender_clock.h>

namespace waybill::internal {

class ManualClock final : public SenderClock {
 public:
  Time now() noexcept override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  void wait(Event& event, std::uint32_t seen, Time until) noexcept override {
    {
      const std::lock_guard lock(mutex_);
      if (until <= now_) return;
      until_ = until;
    }
    changed_.notify_all();
    while (event.value() == seen && now() < until) event.wait(seen, std::chrono::milliseconds(1));
    const std::lock_guard lock(mutex_);
    until_ = {};
  }

  // Waits until the sender waits, and says for how long it means to.
  std::chrono::nanoseconds wait_begun() {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, std::chrono::system_clock::now() + std::chrono::seconds(30),
                        [this] { return until_ != Time(); });
    return until_ - now_;
  }

  void advance(std::chrono::nanoseconds time) {
    const std::lock_guard lock(mutex_);
    now_ += time;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Time now_ = Time() + std::chrono::hours(1);
  Time until_ = {};  // of the wait that is under way
};

}  // namespace waybill::internal
