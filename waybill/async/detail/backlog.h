// Backlog: counts the work that waits in a pool, and lets threads wait until there is less of it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <limits>
#include <mutex>

namespace waybill::detail {

// Any thread may call anything. Each entry is followed by one leave(), when that work begins.
class Backlog {
 public:
  enum class Entry { kEntered, kFull, kClosed };

  // `bound`: how many may be in it; 0 for any number.
  explicit Backlog(std::uint64_t bound) noexcept : bound_(bound != 0 ? bound : kNoBound) {}

  Entry try_enter() noexcept { return enter(bound_); }
  // Around the bound. False: closed.
  bool enter_full() noexcept { return enter(kNoBound) == Entry::kEntered; }
  // Around the bound, and also when closed.
  void enter_closed() noexcept { state_.fetch_add(1); }
  // Blocks while it is full. False: closed, before or meanwhile.
  bool enter_when_there_is_room() {
    Entry entry = try_enter();
    if (entry == Entry::kFull) {
      std::unique_lock lock(mutex_);
      waiting_.fetch_add(1);
      changed_.wait(lock, [&] { return (entry = try_enter()) != Entry::kFull; });
      waiting_.fetch_sub(1);
    }
    return entry == Entry::kEntered;
  }

  void leave() noexcept {
    state_.fetch_sub(1);
    // Whoever waits has said so before it looked at the state for the last time.
    if (waiting_.load() != 0) wake();
  }

  // By a thread that may be overtaken by the end of the backlog: touches nothing once it has left.
  void leave_for_good() noexcept {
    const std::lock_guard lock(mutex_);
    state_.fetch_sub(1);
    changed_.notify_all();
  }

  // Who blocks for room is turned away, and nobody enters any more but by enter_closed().
  void close() noexcept {
    close_quietly();
    wake();
  }
  // Where other threads, and their locks, are not to be relied on.
  void close_quietly() noexcept { state_.fetch_or(kClosed); }
  bool is_closed() const noexcept { return (state_.load() & kClosed) != 0; }

  void wait_until_empty() {
    std::unique_lock lock(mutex_);
    waiting_.fetch_add(1);
    changed_.wait(lock, [&] { return size() == 0; });
    waiting_.fetch_sub(1);
  }

  std::uint64_t size() const noexcept { return state_.load() & ~kClosed; }

 private:
  static constexpr std::uint64_t kClosed = std::uint64_t{1} << 63;
  static constexpr std::uint64_t kNoBound = kClosed - 1;

  Entry enter(std::uint64_t bound) noexcept {
    std::uint64_t state = state_.load();
    do {
      if ((state & kClosed) != 0) return Entry::kClosed;
      if (state >= bound) return Entry::kFull;
    } while (!state_.compare_exchange_weak(state, state + 1));
    return Entry::kEntered;
  }

  void wake() noexcept {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  }

  const std::uint64_t bound_;
  std::atomic<std::uint64_t> state_{0};  // how many, and kClosed
  std::atomic<std::uint32_t> waiting_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace waybill::detail
