// NatsAttention: where a receiver has to look. While all is of normal priority, one that finds
// enough there need not ask the other consumers each time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace waybill::queue::internal {

// Thread-safe.
class NatsAttention {
 public:
  using Clock = std::chrono::steady_clock;

  // There is, or will be, something of another priority.
  void note_mixed() noexcept { mixed_until_ = ticks(Clock::now() + kMixedFor); }
  // `notices` counts what others say of that.
  bool may_be_mixed(std::uint64_t notices) noexcept {
    if (notices_.exchange(notices) != notices) note_mixed();
    return ticks(Clock::now()) < mixed_until_;
  }

  // Something falls due then.
  void look_everywhere_by(Clock::time_point time) noexcept {
    auto before = look_at_.load();
    while (before > ticks(time) && !look_at_.compare_exchange_weak(before, ticks(time))) {
    }
  }
  bool has_to_look_everywhere() const noexcept { return ticks(Clock::now()) >= look_at_; }
  void note_look(std::chrono::milliseconds until_the_next) noexcept {
    look_at_ = ticks(Clock::now() + until_the_next);
  }

 private:
  // After the last sign of other priorities.
  static constexpr std::chrono::seconds kMixedFor{2};

  static Clock::rep ticks(Clock::time_point time) noexcept {
    return time.time_since_epoch().count();
  }

  std::atomic<std::uint64_t> notices_ = 0;
  std::atomic<Clock::rep> look_at_ = 0;
  std::atomic<Clock::rep> mixed_until_ = 0;
};

}  // namespace waybill::queue::internal
